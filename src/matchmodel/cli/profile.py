"""An applicant's profile in a TOML file: read into a command's options, and written as a template."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..errors import RefusedInput, clipped
from ..frozen import frozen
from ..inputs import file_bytes, strict_toml
from .parser import PROFILE

LARGEST = 100_000  # bytes, of a file that people write by hand
BACKUP = "--backup"


@frozen
class Entry:
    """A line of the profile.

    Attributes
    ----------
    key
        The option's name without its dashes.
    example
        As the template has it.
    meaning
        What it is, in the template and as a question.
    """

    key: str
    example: str
    meaning: str


ENTRIES = (
    Entry("specialty", '"Internal Medicine"', "specialty; a list for backups, the first one preferred"),
    Entry("applicant-type", '"non-us-img"', "us-img for a US citizen, non-us-img for everybody else"),
    Entry("step2", "245", "Step 2 CK score"),
    Entry("step2-taken", '"yes"', "whether Step 2 CK has been taken; no where the score is expected"),
    Entry("step1-attempts", "1", "attempts at Step 1"),
    Entry("step2-attempts", "1", "attempts at Step 2 CK"),
    Entry("yog", "2022", "year of graduation from medical school"),
    Entry("usce", "3", "months of US clinical experience"),
    Entry("visa", '"yes"', "visa: yes, no, j-1, h-1b, green-card or citizen"),
    Entry("cycle", "2027", "year of the Match"),
    Entry("applications", "100", "number of programs you apply to"),
    Entry("target", '"60%"', "chance of matching that you want"),
    Entry("interviews", "3", "interviews that you hold in the specialty"),
    Entry("practice", '"NBME:240"', "a practice test and its score, where Step 2 CK is not taken yet"),
)
KEYS = {entry.key: entry for entry in ENTRIES}


def _values(key: str, value: Any, path: str) -> list[str]:
    """Return the texts of one entry, several for a list of specialties."""
    many = value if isinstance(value, list) and key == "specialty" else [value]
    texts = []
    for one in many:
        if isinstance(one, bool):
            texts.append("yes" if one else "no")
        elif isinstance(one, (str, int, float)):
            texts.append(str(one))
        else:
            raise RefusedInput(f"{path}: {key} is {clipped(one)}; give a text or a number")
    return texts


def read_profile(path: str) -> dict[str, list[str]]:
    """Return {key: texts} of a profile, without what is blank.

    Raises
    ------
    RefusedInput
        Where the file cannot be read, is no TOML, or has a key or a value that no profile has.
    """
    if not os.path.isfile(path):
        raise RefusedInput(
            f"{clipped(path)} is no file that can be read; matchmodel profile --out me.toml writes one"
        )
    try:
        table = strict_toml(file_bytes(path, LARGEST).decode("utf-8-sig"))
    except ValueError as error:
        raise RefusedInput(f"{clipped(path)} is no TOML: {clipped(str(error), 90)}") from None
    except OSError as error:
        raise RefusedInput(f"{clipped(path)}: {error.strerror or error}") from None
    found: dict[str, list[str]] = {}
    for name, value in table.items():
        key = name.replace("_", "-")
        if key not in KEYS:
            raise RefusedInput(f"{clipped(path)}: '{clipped(name)}' is not known{nearest(key, KEYS)}")
        texts = [text for text in _values(key, value, clipped(path)) if text.strip()]
        if texts:
            found[key] = texts
    return found


def nearest(word: str, words: Iterable[str]) -> str:
    """Return '; did you mean that?' with the nearest word, '' where none is near."""
    from difflib import get_close_matches  # only a refusal needs it

    near = get_close_matches(word[:60], list(words), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def with_profile(words: Sequence[str], options: Mapping[str, bool]) -> list[str]:
    """Return a command's words with those of its `--profile` before them.

    Parameters
    ----------
    words
        Of the command line, after the command.
    options
        Those that the command has, and whether each may be given several times. What the profile says
        beyond them is not of this question, and what the command line says itself wins.

    Raises
    ------
    RefusedInput
        Of the profile.
    """
    path = next(
        (
            word.partition("=")[2] if "=" in word else (*words, "")[k + 1]
            for k, word in enumerate(words)
            if word.partition("=")[0] == PROFILE
        ),
        "",
    )
    if not path:
        return list(words)
    given, added = {word.partition("=")[0] for word in words}, []
    for key, (first, *others) in read_profile(path).items():
        option = "--" + key
        if option in given or option not in options:
            continue
        added.append(f"{option}={first}")
        again = BACKUP if BACKUP in options else option
        if options[again] and again not in given:
            added += [f"{again}={text}" for text in others]
    return [*added, *words]


def template(answers: Mapping[str, str]) -> str:
    """Return a profile with every entry explained: some answered, {key: text}, the others commented out."""
    lines = [
        "# A profile for matchmodel. Take away the # before what you know; the rest stays unknown.",
        "# Then: matchmodel predict --profile THIS_FILE (an option that you type wins)",
    ]
    for entry in ENTRIES:
        lines += ["", f"# {entry.meaning}"]
        if entry.key in answers:
            text = json.dumps(answers[entry.key], ensure_ascii=False)  # as TOML has it too, but for one
            lines.append(f"{entry.key} = {text}".replace("\x7f", "\\u007f"))
        else:
            lines.append(f"# {entry.key} = {entry.example}")
    return "\n".join([*lines, ""])
