"""Words from elsewhere that would act where they are shown: in a terminal, a spreadsheet, a page, JSON."""

import csv
import io
import re

from .asking import (
    QUESTIONS,
    US,
    WHO,
    Fault,
    checked,
    only_json,
    said,
    small_model,
    small_model_file,
    text_of,
)
from .kinds import kind
from .models import _at, places, put

PART = "Output"
ACTS = (
    "\x1b[31mred", "\x1b]0;title\x07", "\x9b2J", "bell\x07", "back\x08\x08", "over\rwritten", "\u202erev",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "' onmouseover='x", '"><b>', "&lt;b&gt;",
    "[link](javascript:alert(1))", "![x](http://x/y)", "**bold** `code` | cell", "# title", "line\nbreak",
    "=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)", "\t=1+1", "\r=1+1", "=HYPERLINK(\"http://x\")",
    "{{7*7}}", "%s%n", "${x}", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
)  # fmt: skip
SMALL = ["--model", small_model_file()]
PROGRAMS = "program,specialty,state,accepts_imgs,invitation_rate_non_us_img,note\n"
SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
TAGS = re.compile(r"<(script|img|b|i)\b|\son\w+=", re.IGNORECASE)


def harmless_text(text):
    """A terminal acts on nothing of it."""
    found = SHOWN.search(text)
    if found:
        raise Fault(f"a terminal would act on {text[max(found.start() - 20, 0) : found.end() + 20]!r}")


def cell(text):
    """A cell of a CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([text])  # what of it stands in a cell is quoted
    return out.getvalue().removesuffix("\r\n")


@kind(PART, "words of a model file that act where they are shown", 10, 300)
def of_a_model(rng, folder):
    content, path = small_model(), folder / "m.json"
    texts = [
        p for p in places(content) if isinstance(_at(content, p), str) and p[-1] not in ("draws", "drift")
    ]
    while True:
        act = rng.choice(ACTS)
        path.write_text(
            text_of(put(content, rng.choice(texts), lambda old, a=act: old + a)), encoding="utf-8"
        )
        words = [*rng.choice(QUESTIONS), "--model", path]
        if words[0] == "plan":
            words += ["--out", folder]
        status, out, err = said(words)
        harmless_text(out + err)
        if status:
            if len(err.splitlines()) != 1:
                raise Fault(f"{words}: {err[:300]!r}")
            yield "refused"
            continue
        if words[0] == "plan":
            _plans(folder)
        yield "answered"


def _plans(folder):
    html, markdown = ((folder / f"plan.{end}").read_text("utf-8") for end in ("html", "md"))
    harmless_text(html + markdown)
    body = html.partition("<main>")[2]
    for text in (body, re.sub("</?code>", "", markdown.partition("-->")[2])):
        found = TAGS.search(re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL))
        if found and found[0] != " onclick=":
            raise Fault(f"HTML of an input: {found[0]!r}")


@kind(PART, "names of programs, specialties, files and columns that act where they are shown", 12, 300)
def of_a_table(rng, folder):
    while True:
        act, other = rng.choice(ACTS), rng.choice(ACTS)
        name = folder / (re.sub(r"[/\0]", "", rng.choice(ACTS)) + ".csv")
        rows = [
            f"{cell(act)},Internal Medicine,NY,yes,0.05,{cell(other)}\n",
            "Plain,Internal Medicine,NJ,yes,0.1,x\n",
        ]
        name.write_text(PROGRAMS.replace("note", cell(other)) + "".join(rows), encoding="utf-8", newline="")
        out = folder / "out.csv"
        for more in ([], ["--json"], ["--out", out]):
            status, text, err = said(
                [
                    "programs",
                    "--table",
                    name,
                    "--specialty",
                    "IM",
                    *WHO[:2],
                    "--applications",
                    "1",
                    *more,
                    *SMALL,
                ]
            )
            harmless_text(text + err)
            if more == ["--json"] and not status:
                only_json(text)
        if out.exists():
            _no_formula(out)
            out.unlink()
        name.write_text(
            "specialty,applicant_type,name," + cell(other) + f"\nIM,us-img,{cell(act)},{cell(other)}\n",
            encoding="utf-8",
            newline="",
        )
        status, text, err = said(["score", name, out, *SMALL])
        harmless_text(text + err)
        if not status:
            _no_formula(out)
        elif out.exists():
            raise Fault("refused, and written")
        name.unlink()
        yield "refused" if status else "answered"


def _no_formula(path):
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            for one in row:
                bare = one.strip()
                if bare[:1] in tuple("=+-@") and not re.fullmatch(r"[-+]?[\d.,e-]+%?|-+", bare):
                    raise Fault(f"a formula in {path.name}: {one!r}")


@kind(PART, "words of a command line that act where they are shown", 25, 600)
def of_a_command_line(rng, folder):
    while True:
        words = [*rng.choice([[*QUESTIONS[0]], ["predict", "--specialty", "FM", *US], ["score", "a", "b"]])]
        act = rng.choice(ACTS)
        k = rng.randrange(1, len(words))
        words[k] = rng.choice((words[k] + act, act, "--" + act, words[k] + "=" + act))
        if checked(words) is None:
            yield "refused"
        else:
            yield "answered"


@kind(PART, "an applicant's figures in what is said of a refusal", 20, 200)
def nothing_kept(rng, folder):
    """A refused table names the cell that is wrong, and no other; nothing is left on disk."""
    secret = "Jane-Q-Private"
    while True:
        table = folder / "in.csv"
        rows = [f"IM,us-img,{rng.randrange(200, 280)},{secret}\n" for _ in range(3)]
        rows[rng.randrange(3)] = f"IM,us-img,{rng.choice(('x', '999', '-1', '24O'))},{secret}\n"
        table.write_text("specialty,applicant_type,step2_ck,name\n" + "".join(rows), encoding="utf-8")
        status, out, err = said(["score", table, folder / "out.csv", *SMALL])
        if status != 2 or secret in out + err or sorted(p.name for p in folder.iterdir()) != ["in.csv"]:
            raise Fault(f"{status} {err!r}")
        yield "refused"
