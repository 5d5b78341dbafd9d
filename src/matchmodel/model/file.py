"""The model file: JSON read into the records of `records`, checked, and written again.

One reader walks the records' type hints. What does not fit is refused in one line that names the place in the
file, such as 'types.non-us-img.cells.Internal Medicine.beta.value'.
"""

import json
import os
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, is_typeddict

from ..errors import ModelFileError, clipped
from ..files import whole
from ..inputs import file_bytes, strict_json, why
from .invariants import CHECKS, Bad
from .records import Draws, ModelRecord

KIND = "matchmodel"
SCHEMA = 3
DEFAULT_NAME = "match-2026.json"
AGAIN = "train it again with: matchmodel train"

FOLDER = "models"
_TRAINED = re.compile(r"match-([0-9]{4})\.json")
_SEAL = re.compile(rb'\{\r?\n "checksum": "([0-9a-f]{64})",\r?\n')  # how a written file begins

Reader = Callable[[Any, int], Any]  # (JSON value, number of draws) -> value of the hinted type


def default_path() -> str:
    """Return where the model is that answers when none is named.

    It is the newest `models/match-YEAR.json` of the working folder, by its year, else the one that ships.
    """
    years: list[int] = []
    with suppress(OSError):
        years = [int(found[1]) for name in os.listdir(FOLDER) if (found := _TRAINED.fullmatch(name))]
    return os.path.join(FOLDER, f"match-{max(years)}.json") if years else shipped_path()


def shipped_path() -> str:
    """Return where the model is that ships: in the installed package, else in the checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    installed = os.path.join(package, "models", DEFAULT_NAME)
    if os.path.exists(installed):
        return installed
    return os.path.join(os.path.dirname(os.path.dirname(package)), "models", DEFAULT_NAME)


# --- reading a value of a type ------------------------------------------------------------------------------


def _text(value: Any, draws: int) -> str:
    if type(value) is not str:
        raise Bad(f"{clipped(value)} is not a text")
    return value


def _whole(value: Any, draws: int) -> int:
    if type(value) is not int:
        raise Bad(f"{clipped(value)} is not a whole number")
    return value


def _number(value: Any, draws: int) -> float:
    if type(value) is not float and type(value) is not int:
        raise Bad(f"{clipped(value)} is not a number")
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise Bad(f"{clipped(value)} is no number that a model can have")
    return number


def _yes_no(value: Any, draws: int) -> bool:
    if type(value) is not bool:
        raise Bad(f"{clipped(value)} is neither true nor false")
    return value


def _nothing(value: Any, draws: int) -> None:
    if value is not None:
        raise Bad(f"{clipped(value)} is not null")


def _draws(value: Any, draws: int) -> Draws:
    if type(value) is not str:
        raise Bad(f"{clipped(value)} is not a text of draws")
    count = value.count(" ") + 1 if value else 0
    if count != draws:
        raise Bad(f"it has {count} draws, the file {draws}")
    made = object.__new__(Draws)  # as of a record below
    made.__dict__["text"] = value
    return made


_PLAIN: dict[Any, Reader] = {
    str: _text, int: _whole, float: _number, bool: _yes_no, NoneType: _nothing, Draws: _draws,
}  # fmt: skip


@cache
def _reader(hint: Any) -> Reader:
    """Return the function that reads a value of a type hint."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    if is_dataclass(hint):
        return _record_reader(hint)
    if is_typeddict(hint):
        return _entry_reader(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _reader(inner[1])  # what is checked; the first is what it is used as
    if origin is Literal:
        return _word_reader(inner)
    if origin is tuple:
        return _row_of(_reader(inner[0]), None if inner[-1] is Ellipsis else len(inner))
    if origin is list:
        return _list_reader(_reader(inner[0]))
    if origin is dict:
        return _named_reader(_reader(inner[1]))
    if origin in (Union, UnionType):
        return _either_reader(inner)
    raise TypeError(f"no reader for {hint}")


def _parts_reader(hints: dict[str, Any], needed: Collection[str]) -> Reader:
    """Return the reader of an object whose keys are known: a dict of what each says, in their order."""
    parts = [(name, _reader(hint)) for name, hint in hints.items()]

    def read(value: Any, draws: int) -> dict[str, Any]:
        if type(value) is not dict:
            raise Bad(f"{clipped(value)} is not an object")
        if value.keys() != hints.keys():
            missing = [name for name, _ in parts if name in needed and name not in value]
            if missing:
                raise Bad(f"it has no '{missing[0]}'")
            unknown = value.keys() - hints.keys()
            if unknown:
                raise Bad(f"it has the unknown key '{clipped(min(unknown))}'")
        made = {}
        for name, part in parts:
            if name in value:
                try:
                    made[name] = part(value[name], draws)
                except Bad as bad:
                    raise bad.inside(name) from None
        return made

    return read


def _record_reader(record: Any) -> Reader:
    hints: dict[str, Any] = {f.name: f.type for f in fields(record)}
    absent = {f.name: f.default for f in fields(record) if f.metadata}  # what a file may leave out
    parts, check = _parts_reader(hints, hints.keys() - absent.keys()), CHECKS.get(record)

    def read(value: Any, draws: int) -> Any:
        whole: Any = object.__new__(record)
        # every field; the class's own way takes twice as long
        whole.__dict__.update(absent | parts(value, draws) if absent else parts(value, draws))
        if check is not None:
            check(whole)
        return whole

    return read


def _entry_reader(entry: Any) -> Reader:
    parts, check = _parts_reader(entry.__annotations__, entry.__required_keys__), CHECKS.get(entry)

    def read(value: Any, draws: int) -> Any:
        made = parts(value, draws)
        if check is not None:
            check(made)
        return made

    return read


def _word_reader(words: tuple[str, ...]) -> Reader:
    def read(value: Any, draws: int) -> str:
        if type(value) is not str or value not in words:
            raise Bad(f"{clipped(value)} is none of {', '.join(words)}")
        return value

    return read


def _row_of(item: Reader, length: int | None) -> Reader:
    def read(value: Any, draws: int) -> tuple[Any, ...]:
        if type(value) is not list:
            raise Bad(f"{clipped(value)} is not a list")
        if length is not None and len(value) != length:
            raise Bad(f"it has {len(value)} entries, not {length}")
        made = []
        for k, entry in enumerate(value):
            try:
                made.append(item(entry, draws))
            except Bad as bad:
                raise bad.inside(k) from None
        return tuple(made)

    return read


def _list_reader(item: Reader) -> Reader:
    row = _row_of(item, None)

    def read(value: Any, draws: int) -> list[Any]:
        return list(row(value, draws))

    return read


def _named_reader(item: Reader) -> Reader:
    def read(value: Any, draws: int) -> dict[str, Any]:
        if type(value) is not dict:
            raise Bad(f"{clipped(value)} is not an object")
        made = {}
        for name, entry in value.items():
            try:
                made[name] = item(entry, draws)
            except Bad as bad:
                raise bad.inside(name) from None
        return made

    return read


def _either_reader(inner: tuple[Any, ...]) -> Reader:
    others = [kind for kind in inner if kind is not NoneType]
    nothing = len(others) < len(inner)
    by_type = (
        {dict if is_typeddict(kind) else kind: _reader(kind) for kind in others} if len(others) > 1 else {}
    )
    named = "a text, a number or an entry" if dict in by_type else "a text or a number"
    only = None if by_type else _reader(others[0])

    def read(value: Any, draws: int) -> Any:
        if value is None and nothing:
            return None
        if only is not None:
            return only(value, draws)
        if type(value) not in by_type:
            raise Bad(f"{clipped(value)} is not {named}")
        return by_type[type(value)](value, draws)

    return read


# --- the whole file -----------------------------------------------------------------------------------------


def record_of(content: Any, where: str) -> ModelRecord:
    """Return the record of a file's JSON.

    Parameters
    ----------
    content
        As `json` reads it.
    where
        The file's name, for what is said of it.

    Raises
    ------
    ModelFileError
        When it is not a model of this schema, or a part of it is not as the records have it.
    """
    if type(content) is not dict or content.get("kind") != KIND:
        raise ModelFileError(f"{where} is not a matchmodel file; train one with: matchmodel train")
    schema = content.get("schema")
    if type(schema) is not int or schema != SCHEMA:
        raise ModelFileError(
            f"{where} has schema {clipped(schema)}, this program reads schema {SCHEMA}; {AGAIN}"
        )
    try:
        count = content.get("draw_count")
        if type(count) is not int or count < 2:
            raise Bad(f"{clipped(count)} is no number of draws").inside("draw_count")
        record: ModelRecord = _reader(ModelRecord)(content, count)
    except Bad as bad:
        raise ModelFileError(f"{where} is a damaged model file ({bad}); {AGAIN}") from None
    return record


def checksum(*parts: bytes | memoryview) -> str:
    """Return the SHA-256 of a model file's bytes without the line that holds it, in hexadecimal."""
    from hashlib import sha256  # which writing and reading a file need, and no record

    found = sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()


def _seal(found: bytes, where: str) -> str | None:
    """Return the checksum that a file's bytes hold, None where they hold none.

    Raises
    ------
    ModelFileError
        Where it is not that of the rest: something was changed after the file was written.
    """
    seal = _SEAL.match(found)
    if seal is None:
        return None
    written = seal[1].decode()
    if checksum(b"{\n", memoryview(found)[seal.end() :]) != written:
        raise ModelFileError(f"{where} was changed after it was written (its checksum differs); {AGAIN}")
    return written


def read_model_file(path: str | os.PathLike[str] | None = None) -> tuple[ModelRecord, str]:
    """Read a model file, the default one where no path is given.

    Returns
    -------
    tuple
        The record, and the checksum of the file.

    Raises
    ------
    ModelFileError
        When the file is missing, is not a model, or is of another schema.
    """
    where = os.fspath(path) if path is not None else default_path()
    try:
        found = file_bytes(where).removeprefix(BOM_UTF8)
        seal = _seal(found, where)
        content = strict_json(found)
    except FileNotFoundError:
        raise ModelFileError(
            f"there is no model file {where}; make one with: matchmodel etl && matchmodel train"
        ) from None
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{where} cannot be read as a model file ({why(error)}); {AGAIN}") from None
    if seal is not None:
        del content["checksum"]
    return record_of(content, where), checksum(found) if seal is None else seal


def plain(value: Any) -> Any:
    """Return a record, or anything in one, as `json` writes it: dicts, lists, texts and numbers."""
    if type(value) is Draws:
        return value.text
    if is_dataclass(value):
        return {
            f.name: plain(getattr(value, f.name)) for f in fields(value)
            if not f.metadata or getattr(value, f.name) != f.default
        }  # fmt: skip
    if type(value) is dict:
        return {name: plain(entry) for name, entry in value.items()}
    if type(value) in (tuple, list):
        return [plain(entry) for entry in value]
    return value


def dumps(record: ModelRecord) -> str:
    """Return the text of a model file."""
    return json.dumps(plain(record), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def sealed(text: str) -> str:
    """Return the text of a model file with its checksum in the first line."""
    return text.replace("{\n", f'{{\n "checksum": "{checksum(text.encode())}",\n', 1)


def write_model(record: ModelRecord, path: str | os.PathLike[str]) -> None:
    """Write a model file whole or not at all: to a neighbour, which is asked (`check_model`), then renamed.

    Raises
    ------
    ModelFileError
        When the new model fails its checks; what stood there is left as it was.
    """
    from .check import check_model  # which asks through this module

    os.makedirs(os.path.dirname(os.path.realpath(path)), exist_ok=True)
    with whole(path) as beside:
        beside.write_text(sealed(dumps(record)), encoding="utf-8", newline="")
        check_model(beside)
