"""The records' classes behave as frozen dataclasses do."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace

import pytest

from matchmodel.frozen import frozen


@frozen
class Shared:
    """Made with shared methods."""

    a: int
    b: str = "x"
    c: list = field(default_factory=list)


@dataclass(frozen=True)
class Own:
    """Made by the standard library."""

    a: int
    b: str = "x"
    c: list = field(default_factory=list)


WAYS = [((1,), {}), ((1, "y"), {}), ((), {"a": 1, "c": [2]}), ((1,), {"b": "z"})]


@pytest.mark.parametrize(("values", "named"), WAYS)
def test_as_a_frozen_dataclass(values, named):
    one, other = Shared(*values, **named), Own(*values, **named)
    assert is_dataclass(one) and [f.name for f in fields(one)] == [f.name for f in fields(other)]
    assert (
        repr(one).removeprefix("Shared") == repr(other).removeprefix("Own") and one.__dict__ == other.__dict__
    )
    assert one == Shared(*values, **named) == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))
    assert replace(one, a=5) == Shared(5, one.b, one.c) != one and one != other
    assert Shared(1).c is not Shared(1).c


REFUSED = [((), {}), ((1, "x", [], 4), {}), ((1,), {"a": 2}), ((1,), {"d": 2})]


@pytest.mark.parametrize(("values", "named"), REFUSED)
def test_refused(values, named):
    for kind in (Shared, Own):
        with pytest.raises(TypeError):
            kind(*values, **named)


def test_assignment_fails():
    one = Shared(1)
    with pytest.raises(FrozenInstanceError):
        one.a = 2
    with pytest.raises(FrozenInstanceError):
        one.d = 2
    with pytest.raises(FrozenInstanceError):
        del one.a


def test_hashes():
    @frozen
    class Plain:
        a: int

    assert hash(Plain(3)) == hash(Plain(3)) and len({Plain(3), Plain(3), Plain(4)}) == 2
    with pytest.raises(TypeError):
        hash(Shared(1))
