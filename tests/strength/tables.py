"""Tables, workbooks, PDFs, profiles and sources that were damaged, or made to do harm.

What may take much time or memory runs in a child of the process, with both bounded.
"""

import json
import os
import resource
import shutil
import signal

from .asking import WHO, Fault, checked, hung, said, small_model_file
from .crashes import RAW
from .kinds import kind

PART = "Tables and paths"
MEMORY, SECONDS = 3 << 30, 60
PEOPLE = "specialty,applicant_type,step2_ck,yog,usce_months,visa_needed,applications,interviews\n" + "".join(
    f"Internal Medicine,{kind_},{230 + k},{2015 + k},{k},{visa},{20 * k + 1},{k}\n"
    for k, (kind_, visa) in enumerate([("non-us-img", "yes"), ("us-img", ""), ("non-us-img", "no")] * 3)
)
SPOILT = (
    "-1", "1e999", "nan", "inf", "99999999999999999999", "1" * 400, "0x10", "1_0", "٣", "½", "1e-400",
    "--5", "", "2,50", "=1+1", "\u202e250", "250\x00", "None", "true", "x" * 5000, "'250", '"', "2 50", "1e3",
)  # fmt: skip


def bounded(words, memory=MEMORY, seconds=SECONDS):
    """Run the command line in a child, memory and time bounded: refused in plain lines, or answered."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with open("/proc/self/statm", encoding="ascii") as file:
                most = int(file.read().split()[0]) * resource.getpagesize() + memory
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            try:
                found = said(words)
            except Fault as fault:
                found = 99, "", str(fault)
            os.write(write, json.dumps([found[0], found[2][:4000]]).encode())
        finally:
            os._exit(0)
    os.close(write)
    with hung(6 * seconds), open(read, "rb") as file:
        try:
            told = file.read()
        except Fault:
            os.kill(child, signal.SIGKILL)
            raise
        finally:
            os.waitpid(child, 0)
    if not told:
        raise Fault(f"{words}: it takes too much memory or time")
    status, err = json.loads(told)
    lines = err.splitlines()
    if status == 0:
        return "answered"
    if status not in (1, 2) or not lines or "Traceback" in err or any(len(line) > 2000 for line in lines):
        raise Fault(f"{words}: status {status}: {err[-600:]}")
    return "refused"


@kind(PART, "bytes changed in a table of applicants", 30, 1000)
def applicants(rng, folder):
    path, out = folder / "in.csv", folder / "out.csv"
    while True:
        raw = bytearray(PEOPLE.encode())
        for _ in range(rng.randrange(1, 4)):
            at = rng.randrange(len(raw))
            how = rng.randrange(3)
            if how == 0:
                raw[at] = rng.randrange(256)
            elif how == 1:
                raw[at:at] = rng.choice((b",", b'"', b"\n", b"\t", b";", b"\0", b"\xff\xfe", b"\xc3", b"\r"))
            else:
                del raw[at : at + rng.randrange(1, 30)]
        path.write_bytes(raw)
        yield _scored(path, out)


@kind(PART, "cells of a table of applicants that are no figure", 30, 1000)
def cells(rng, folder):
    path, out = folder / "in.csv", folder / "out.csv"
    while True:
        rows = [line.split(",") for line in PEOPLE.splitlines()]
        row = rng.choice(rows[1:])
        row[rng.randrange(len(row))] = rng.choice(SPOILT)
        path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
        yield _scored(path, out)


def _scored(path, out):
    """Refused with a line for each problem and nothing written, or as many rows as were asked."""
    with hung(30):
        answer = checked(["score", path, out, "--model", small_model_file()], most_lines=60)
    if answer is None:
        if out.exists():
            raise Fault("refused, and written")
        return "refused"
    out.unlink()
    return "answered"


@kind(PART, "bytes changed in raw tables and source.toml", 5, 150)
def raw_tables(rng, folder):
    from matchmodel.errors import SourceProblems
    from matchmodel.etl import read_raw

    raw = folder / "raw"
    shutil.copytree(RAW, raw)
    files = [p for p in raw.rglob("*") if p.is_file() and p.suffix in (".csv", ".toml", ".tsv", ".txt")]
    whole = read_raw(raw)
    while True:
        path = rng.choice(files)
        before = path.read_bytes()
        at = rng.randrange(len(before))
        by = rng.choice(
            (bytes([rng.randrange(256)]), b"", b"999999999", b'"', b"\n", b",", b"\0", b"-", b"[[")
        )
        path.write_bytes(before[:at] + by + before[at + 1 :])
        # Only this source is read: the others are sound.
        alone = folder / "alone"
        (alone).mkdir(exist_ok=True)
        source = alone / path.relative_to(raw).parts[0]
        if path.parent != raw:
            shutil.copytree(path.parent, source)
        try:
            with hung(60):
                read = read_raw(alone if path.parent != raw else raw)
            same = read.sources.keys() <= whole.sources.keys() and all(
                read.table(n).equals(
                    whole.table(n)[whole.table(n)["source_id"] == source.name].reset_index(drop=True)
                )
                for n in read.tables
            )
            outcome = "same" if same else "answered"
        except SourceProblems as problems:
            if not all(str(p).isprintable() and len(str(p)) < 3000 for p in problems.problems):
                raise Fault(f"{path.name}: {problems}") from None
            outcome = "refused"
        except Exception as error:
            raise Fault(f"{path.name} at {at} {by!r}: {error!r}") from error
        path.write_bytes(before)
        shutil.rmtree(alone)
        yield outcome


def _alike(read, whole, name, source):
    rows = whole.table(name)
    return read.table(name).equals(rows[rows["source_id"] == source].reset_index(drop=True))


SOURCE = """title = "A report"
publisher = "A publisher"
year = 2026
grade = "B"
terms = "none"
consent = false
[[table]]
file = "{file}"
layout = "counts"
applicant_type = "non-us-img"
"""
COUNTS = "Specialty,Matched,Not Matched\nPediatrics,542,249\n"


@kind(PART, "sources that lead out of their folder, to pipes, devices and folders, or have no end", 18, 18)
def sources(rng, folder):
    secret = folder / "secret.csv"
    secret.write_text(COUNTS, encoding="utf-8")
    raw = folder / "raw"
    source = raw / "report"

    def anew():
        shutil.rmtree(raw, ignore_errors=True)
        source.mkdir(parents=True)

    def put(name, content):
        (source / name).write_text(content, encoding="utf-8")

    def read():
        return bounded(["etl", "--raw", raw, "--out", folder / "out"])

    files = [
        "../../secret.csv",
        str(secret),
        "link.csv",
        "pipe",
        "zero.csv",
        "sub",
        "..\\\\..\\\\secret.csv",
        ".",
    ]
    for file in [*files, "report/../../../secret.csv", "large.csv", "a\\u0000b"]:
        anew()
        (source / "link.csv").symlink_to(secret)
        os.mkfifo(source / "pipe")
        (source / "zero.csv").symlink_to("/dev/zero")
        (source / "sub").mkdir()
        with open(source / "large.csv", "wb") as large:
            large.truncate(1 << 30)
        put("source.toml", SOURCE.format(file=file))
        outcome = read()
        if outcome != "refused":
            raise Fault(f"{file} was read")
        yield outcome
    for content in (
        "a = " + "[" * 100_000,
        "a = " + "{a = " * 50_000,
        "a." * 200_000 + "a = 1",
        "a = " + "9" * 50_000,
    ):
        anew()
        put("source.toml", content)
        yield read()
    anew()
    with open(source / "source.toml", "wb") as large:
        large.truncate(1 << 30)
    yield read()
    anew()
    os.mkfifo(source / "source.toml")
    yield read()
    anew()
    (source / "source.toml").symlink_to("/dev/zero")
    yield read()


@kind(PART, "a gigabyte, a pipe, a device, a folder in place of a table or a profile", 16, 16)
def places_of_tables(rng, folder):
    os.mkfifo(folder / "pipe.csv")
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    (folder / "folder.csv").mkdir()
    with open(folder / "sparse.csv", "wb") as file:
        file.truncate(1 << 30)
    with open(folder / "line.csv", "wb") as file:
        file.write(b"specialty,applicant_type\n")
        for _ in range(150):
            file.write(b"x" * (1 << 20))
    with open(folder / "quotes.csv", "wb") as file:
        file.write(b"specialty,applicant_type\n" + b'","' * 10_000_000)
    (folder / "columns.csv").write_bytes(
        b"specialty,applicant_type" + b",a" * 1_000_000 + b"\n" + b"IM,us-img" + b"," * 1_000_000
    )
    shutil.copy(folder / "columns.csv", folder / "names.csv")
    people = ("pipe.csv", "loop.csv", "folder.csv", "sparse.csv", "line.csv", "quotes.csv", "columns.csv")
    for name in [*(folder / one for one in people), "/dev/zero", "/dev/stdin", "/proc/self/mem"]:
        if bounded(["score", name, folder / "out.csv"]) == "answered" and name != folder / "columns.csv":
            raise Fault(f"{name} was read")
        yield "refused"
    for name in [*(folder / one for one in people[:4]), "/dev/zero"]:
        yield bounded(["predict", "--specialty", "IM", *WHO, "--profile", name])
    yield bounded(["programs", "--table", folder / "sparse.csv", "--specialty", "IM", *WHO])


@kind(PART, "profiles that are no profile", 40, 800)
def profiles(rng, folder):
    path = folder / "me.toml"
    sound = 'specialty = "Internal Medicine"\napplicant-type = "non-us-img"\nstep2 = 245\nvisa = true\n'
    values = (
        "1e400",
        "nan",
        "[[1]]",
        "{a = 1}",
        "2020-01-01",
        "0x1F",
        '"""x"""',
        "[" * 5000,
        "''",
        '"\\u0000"',
    )
    while True:
        raw = bytearray(sound.encode())
        how = rng.randrange(3)
        if how == 0:
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        elif how == 1:
            raw += f"usce = {rng.choice(values)}\n".encode()
        else:
            raw = raw[: rng.randrange(len(raw))]
        path.write_bytes(raw)
        with hung(20):
            yield "refused" if checked(["predict", "--profile", path]) is None else "answered"
        said(["profile", "--out", folder / "x.toml", "--template"])
