"""Model files that were damaged, by chance or by somebody: refused in one line, or the same answers."""

import json
import os
import pickle
import re
import socket

from matchmodel.model.file import sealed

from .asking import QUESTIONS, Fault, answers, checked, hung, small_model, text_of
from .kinds import kind

PART = "Model files"
WRONG = (None, True, False, "x", "", 7, -1.5, [], {}, [[]], {"a": 1}, [None], "1 2 3")
SIZES = (0, -1, 1, 1e300, -1e300, 1e-300, 10**400, 1e15, -0.0)
DRAWN = ("nan", "inf", "-inf", "x", "", "1e300", "-1e300", "1e999", "0x10", "1_0", "0", "9" * 400)
RIGHT = []  # the small model's answers, once they are known
_NUMBER = re.compile(r"(?<=: )-?\d[\d.e-]*(?=[,\n])")


class Asked:
    """A sound model's answers, and whether another file gives them too."""

    def __init__(self, rng, folder):
        self.rng, self.path = rng, folder / "a model.json"
        self.content = small_model()
        self.text = text_of(self.content)
        self.path.write_text(self.text, encoding="utf-8")
        self.right = RIGHT or answers(self.path)
        RIGHT[:] = self.right

    def outcome(self, text, other=False):
        """What becomes of a file's text or bytes, by two of the questions; `other`: answers may differ."""
        raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        self.path.write_bytes(raw)
        some = self.rng.sample(range(len(QUESTIONS)), 2)
        found = answers(self.path, [QUESTIONS[k] for k in some])
        if found == [self.right[k] for k in some]:
            return "same"
        if found == [None, None]:
            return "refused"
        if not other:
            raise Fault(f"another answer to {[QUESTIONS[k][0] for k in some]}")
        return "answered"


def places(value, path=()):
    """Every place below the whole, as a path of keys."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield (*path, key)
        yield from places(one, (*path, key))


def put(content, path, change):
    """A copy with one place changed."""
    made = json.loads(json.dumps(content))
    at = made
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = change(at[path[-1]])
    return made


@kind(PART, "one byte changed", 100, 3000)
def one_byte(rng, folder):
    asked = Asked(rng, folder)
    raw = asked.text.encode()
    while True:
        at, by = rng.randrange(len(raw)), rng.randrange(1, 256)
        yield asked.outcome(raw[:at] + bytes([raw[at] ^ by]) + raw[at + 1 :])


@kind(PART, "bytes lost, added or moved", 60, 2000)
def some_bytes(rng, folder):
    asked = Asked(rng, folder)
    raw = asked.text.encode()
    while True:
        a, b, c = sorted(rng.randrange(len(raw)) for _ in range(3))
        yield asked.outcome(
            rng.choice(
                (
                    raw[:a] + raw[a + 1 + rng.randrange(9) :],
                    raw[:a] + rng.randbytes(1 + rng.randrange(9)) + raw[a:],
                    raw[:a] + raw[b:c] + raw[a:b] + raw[c:],
                    raw[:a] + raw[a:b] * 2 + raw[b:],
                )
            )
        )


@kind(PART, "cut off anywhere", 60, 2000)
def cut(rng, folder):
    asked = Asked(rng, folder)
    raw = asked.text.encode()
    while True:
        yield asked.outcome(raw[: rng.randrange(len(raw) - 1)])


@kind(PART, "a key given twice, checksum right", 40, 1000)
def doubled(rng, folder):
    asked = Asked(rng, folder)
    lines = asked.text.splitlines(keepends=True)
    keys = [k for k, line in enumerate(lines) if k > 1 and re.match(r' +"[^"]+": [^{\[]+,\n', line)]
    while True:
        k = rng.choice(keys)
        again = lines[k] if rng.random() < 0.5 else re.sub(": .*,", ": 1,", lines[k])
        yield asked.outcome(sealed("{\n" + "".join(lines[2:k]) + again + "".join(lines[k:])))


@kind(PART, "keys in another order, checksum right", 5, 100)
def reordered(rng, folder):
    asked = Asked(rng, folder)

    def shuffled(value):
        if isinstance(value, list):
            return [shuffled(one) for one in value]
        if not isinstance(value, dict):
            return value
        items = [(key, shuffled(one)) for key, one in value.items()]
        rng.shuffle(items)
        return dict(items)

    while True:
        yield asked.outcome(text_of(shuffled(asked.content)))


@kind(PART, "a wrong type at any place, checksum right", 40, 1000)
def wrong_type(rng, folder):
    asked = Asked(rng, folder)
    everywhere = list(places(asked.content))
    while True:
        path, wrong = rng.choice(everywhere), rng.choice(WRONG)
        yield asked.outcome(text_of(put(asked.content, path, lambda _, w=wrong: w)), other=True)


@kind(PART, "a key lost or unknown, checksum right", 20, 500)
def keys(rng, folder):
    asked = Asked(rng, folder)
    objects = [p for p in places(asked.content) if isinstance(_at(asked.content, p), dict)]

    def change(value):
        made = dict(value)
        if made and rng.random() < 0.5:
            del made[rng.choice(list(made))]
        else:
            made[rng.choice(("more", "", "__class__", "kind", "\x1b[2J", "a\nb"))] = 1
        return made

    while True:
        yield asked.outcome(text_of(put(asked.content, rng.choice(objects), change)), other=True)


@kind(PART, "NaN and infinities, checksum right", 40, 1000)
def endless(rng, folder):
    asked = Asked(rng, folder)
    inside = "{\n" + asked.text.split("\n", 2)[2]
    found = list(_NUMBER.finditer(inside))
    while True:
        one = rng.choice(found)
        word = rng.choice(("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "nan", "+1", "01", "0x1"))
        yield asked.outcome(sealed(inside[: one.start()] + word + inside[one.end() :]))


@kind(PART, "a number of any size, checksum right", 30, 1000)
def sizes(rng, folder):
    asked = Asked(rng, folder)
    numbers = [p for p in places(asked.content) if type(_at(asked.content, p)) in (int, float)]
    while True:
        size = rng.choice(SIZES)
        yield asked.outcome(text_of(put(asked.content, rng.choice(numbers), lambda _, s=size: s)), other=True)


@kind(PART, "a draw that is no number, or of any size, checksum right", 30, 1000)
def draws(rng, folder):
    asked = Asked(rng, folder)
    drawn = [p for p in places(asked.content) if p[-1] in ("draws", "drift")]
    drawn = [p for p in drawn if isinstance(_at(asked.content, p), str)]

    def change(text):
        values = text.split(" ")
        values[rng.randrange(len(values))] = rng.choice(DRAWN)
        return " ".join(values)

    while True:
        yield asked.outcome(text_of(put(asked.content, rng.choice(drawn), change)), other=True)


def _at(content, path):
    for key in path:
        content = content[key]
    return content


@kind(PART, "nested 100,000 deep", 8, 60)
def deep(rng, folder):
    asked = Asked(rng, folder)
    everywhere = list(places(asked.content))
    while True:
        depth = rng.choice((1_000, 100_000))
        opened, closed = rng.choice((("[", "]"), ('{"a":', "}")))
        nested = opened * depth + rng.choice(("", "1", '"x"' if opened == "[" else "1")) + closed * depth
        text = text_of(put(asked.content, rng.choice(everywhere), lambda _: "HERE"))
        inside = "{\n" + text.split("\n", 2)[2]
        yield asked.outcome(rng.choice((sealed(inside.replace('"HERE"', nested)), nested)), other=True)


@kind(PART, "another schema or kind, checksum right", 20, 40)
def schemas(rng, folder):
    asked = Asked(rng, folder)
    for schema in (1, 2, 4, 5, 99, 0, -3, 3.0, "3", None, True, [3], 10**30):
        yield asked.outcome(text_of(asked.content | {"schema": schema}))
    for what in ("recipe", "", None, 3, ["matchmodel"], "matchmodel "):
        yield asked.outcome(text_of(asked.content | {"kind": what}))


@kind(PART, "programs and other formats", 12, 12)
def formats(rng, folder):
    asked = Asked(rng, folder)
    trap = folder / "trap"

    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(trap),)

    code = f"__import__('os').mkdir({str(trap)!r})"
    for raw in (
        pickle.dumps(Bomb()), pickle.dumps({"kind": "matchmodel", "schema": 3}), code.encode(),
        b"#!/bin/sh\nmkdir " + str(trap).encode(), b"PK\x03\x04" + rng.randbytes(200), rng.randbytes(5000),
        b"\x93NUMPY" + rng.randbytes(100), b"!!python/object/apply:os.mkdir ['" + str(trap).encode() + b"']",
        asked.text.encode("utf-16"), asked.text.encode("utf-32"), b"\0" * 100, b"",
    ):  # fmt: skip
        yield asked.outcome(raw)
        assert not trap.exists()


@kind(PART, "the path is a pipe, device, socket, folder, loop, or of a gigabyte", 12, 12)
def paths(rng, folder):
    os.mkfifo(folder / "pipe")
    (folder / "dangling").symlink_to(folder / "nothing")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "to zero").symlink_to("/dev/zero")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / "socket"))
    with open(folder / "gigabyte", "wb") as file:
        file.truncate(1 << 30)
    names = ["pipe", "dangling", "loop", "to zero", "socket", "gigabyte", ".", "x" * 300]
    for name in [*(folder / n for n in names), "/dev/zero", "/dev/random", "/dev/null", "a\0b"]:
        with hung(20):
            if (
                checked(["predict", "--specialty", "IM", "--applicant-type", "us-img", "--model", name])
                is not None
            ):
                raise Fault(f"{name} was read")
        yield "refused"
    listening.close()
