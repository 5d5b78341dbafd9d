"""A small model of the real one's shape, and every question that a model file can be asked, in process."""

import atexit
import contextlib
import io
import json
import math
import shutil
import signal
import tempfile
from functools import cache
from pathlib import Path

from matchmodel.cli.main import main
from matchmodel.model.file import sealed, shipped_path

SPECIALTIES = (
    "Internal Medicine",
    "Neurology",
    "Dermatology",
)  # one sure, one with program figures, one unsure
DRAWS = 40
WHO = ["--applicant-type", "non-us-img", "--step2", "244", "--yog", "2022", "--usce", "3", "--visa", "yes"]
WHO += ["--step1-attempts", "2", "--step2-attempts", "1"]
US = ["--applicant-type", "us-img", "--step2", "231", "--yog", "2025", "--interviews", "3"]
QUESTIONS = (
    *(["predict", "--specialty", name, *WHO] for name in SPECIALTIES),
    *(["predict", "--specialty", name, *US] for name in SPECIALTIES),
    ["predict", "--specialty", "Emergency Medicine/Anesthesiology", *WHO],  # counted, and without odds
    ["plan", "--specialty", "Neurology", "--specialty", "Internal Medicine", *WHO],
    ["specialties", *WHO],
    ["timing", "--specialty", "Neurology", *WHO[:2], "--practice", "NBME:240", "--yog", "2022"],
    ["target", "--specialty", "Neurology", *WHO],
)


class Fault(AssertionError):
    """What should never be: a traceback, a silent wrong answer, a hang."""


def _cut(draws):
    return " ".join(draws.split(" ")[:DRAWS])


def _small(value):
    """Keep few draws and few specialties; the rest stays as it is in the model that ships."""
    if isinstance(value, str):
        return _cut(value) if value.count(" ") > 200 and value[:1] in "-0123456789" else value
    if isinstance(value, list):
        return [_small(one) for one in value]
    if not isinstance(value, dict):
        return value
    some = [name for name in SPECIALTIES if name in value]
    kept = some if len(some) > 1 else list(value)
    return {key: _small(value[key]) for key in kept}


@cache
def small_model() -> dict:
    """The shipped model with three specialties and forty draws, as JSON has it."""
    whole = json.loads(Path(shipped_path()).read_text(encoding="utf-8"))
    del whole["checksum"]
    small = {key: value if key == "advice" else _small(value) for key, value in whole.items()}
    return small | {"draw_count": DRAWS}


def text_of(content) -> str:
    """A model file's text with its checksum, whatever its content."""
    return sealed(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


@cache
def small_model_file() -> Path:
    """The file of the small model: a table is answered with it in a fifth of the time."""
    folder = tempfile.mkdtemp(prefix="faults-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder, "m.json")
    path.write_text(text_of(small_model()), encoding="utf-8")
    return path


@contextlib.contextmanager
def hung(seconds):
    """A block that takes longer is a fault."""

    def ring(*_):
        raise Fault(f"it takes more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def said(words):
    """Run the command line in process: status, standard output, standard error; a traceback is a fault."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main([str(word) for word in words])
        except SystemExit as stop:
            status = stop.code
        except Fault:
            raise
        except BaseException as error:
            raise Fault(f"{words}: {type(error).__name__}: {error}") from error
    return status, out.getvalue(), err.getvalue()


def checked(words, most_lines=1):
    """Run the command line; the answer, or None where it is refused as it should be: in one plain line."""
    status, out, err = said(words)
    lines = err.splitlines()
    if status == 0:
        if "Warning" in err:
            raise Fault(f"{words}: {err[:300]}")
        return out
    if status not in (1, 2) or out or not 1 <= len(lines) <= most_lines:
        raise Fault(f"{words}: status {status}, {len(out)} characters said, {err[:300]!r}")
    for line in lines:
        if not line.isprintable() or "Traceback" in line or len(line) > 2000:
            raise Fault(f"{words}: {line[:300]!r}")
    return None


def only_json(text):
    """JSON as the standard has it: no NaN, no infinity."""

    def refuse(word):
        raise Fault(f"{word} in JSON")

    return json.loads(text, parse_constant=refuse)


def sound(value, key=""):
    """Chances lie in [0, 1], and ranges hold their points, anywhere in an answer."""
    if isinstance(value, dict):
        for name, one in value.items():
            sound(one, name)
            low, high = value.get(f"{name}_low"), value.get(f"{name}_high")
            if isinstance(one, (int, float)) and None not in (low, high):
                if not low - 1e-9 <= one <= high + 1e-9:
                    raise Fault(f"{name} {one} is outside {low} to {high}")
        point, low, high = value.get("point"), value.get("low"), value.get("high")
        if None not in (point, low, high) and not low - 1e-9 <= point <= high + 1e-9:
            raise Fault(f"{key}: {point} is outside {low} to {high}")
    elif isinstance(value, list):
        for one in value:
            sound(one, key)
    elif isinstance(value, float):
        if not math.isfinite(value) or (key.startswith("p_") and not 0 <= value <= 1):
            raise Fault(f"{key} is {value}")


def answers(model, questions=QUESTIONS):
    """Every question's answer, one text; None where the model refuses to be read."""
    found = []
    for words in questions:
        answer = checked(
            [*words, "--json", "--model", model, *(["--out", "-"] if words[0] == "plan" else [])]
        )
        if answer is not None:
            sound(only_json(answer))
        found.append(answer)
    return found
