"""Frozen dataclasses that share their methods.

`dataclasses` writes and compiles six methods for every frozen class, which takes most of a millisecond. For
the records of a model file and the results of a question that is as long as reading the file, so the classes
made here share one of each.
"""

from dataclasses import MISSING, FrozenInstanceError, dataclass
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


def _init(self: Any, *values: Any, **named: Any) -> None:
    names = self.__dataclass_fields__
    if len(values) > len(names):
        raise TypeError(f"{type(self).__name__} takes {len(names)} values, not {len(values)}")
    given = dict(zip(names, values, strict=False))
    twice, unknown = given.keys() & named.keys(), named.keys() - names.keys()
    if twice or unknown:
        what = "two values for" if twice else "an unknown value"
        raise TypeError(f"{type(self).__name__} got {what} '{min(twice or unknown)}'")
    given.update(named)
    for name, one in names.items():
        if name not in given:
            if one.default is MISSING and one.default_factory is MISSING:
                raise TypeError(f"{type(self).__name__} lacks a value for '{name}'")
            given[name] = one.default if one.default is not MISSING else one.default_factory()
    self.__dict__.update(given)


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(self.__dict__[name] for name in self.__dataclass_fields__)


def _eq(self: Any, other: Any) -> Any:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    shown = (f"{name}={self.__dict__[name]!r}" for name in self.__dataclass_fields__)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: Any, name: str, *value: Any) -> None:
    raise FrozenInstanceError(f"cannot assign to or delete field {name!r}")


@dataclass_transform(frozen_default=True)
def frozen(made: type[T]) -> type[T]:
    """Make a class a frozen dataclass with shared methods; to users it is like `dataclass(frozen=True)`."""
    made.__init__ = _init  # type: ignore[method-assign]
    made.__eq__ = _eq  # type: ignore[method-assign]
    made.__hash__ = _hash  # type: ignore[method-assign]
    if made.__repr__ is object.__repr__:
        made.__repr__ = _repr  # type: ignore[method-assign]
    made.__setattr__ = made.__delattr__ = _refuse  # type: ignore[method-assign]
    return dataclass(init=False, repr=False, eq=False)(made)
