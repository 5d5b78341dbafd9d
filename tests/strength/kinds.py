"""Kinds of fault: each tries again and again, from a seed, and says what became of it.

A kind is a generator of outcomes: 'refused' (in one plain line), 'same' (the answers of the sound input),
'answered' (another sound answer, where the input means something else). Anything else is a `Fault`.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from .asking import Fault

OUTCOMES = ("refused", "same", "answered")
Trials = Callable[[random.Random, Path], Iterator[str]]


@dataclass(frozen=True)
class Kind:
    """One kind of fault.

    Attributes
    ----------
    part, what
        Of the table of faults.
    trials
        Given a seeded random number generator and an empty folder; ends where there is no more to try.
    quick, many
        How often it is tried in a test, and in `make faults`.
    """

    part: str
    what: str
    trials: Trials
    quick: int
    many: int


KINDS: dict[str, Kind] = {}


def kind(part: str, what: str, quick: int, many: int) -> Callable[[Trials], Trials]:
    """Declare a kind of fault."""

    def declare(trials: Trials) -> Trials:
        KINDS[f"{part}: {what}"] = Kind(part, what, trials, quick, many)
        return trials

    return declare


AT_ONCE = 50  # examples of one run of Hypothesis, which knows within a run what it has tried
DRAWN = settings(
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)


def drawn(part: str, what: str, quick: int, many: int, **strategies: SearchStrategy) -> Callable:
    """Declare a kind of fault whose inputs Hypothesis draws; what fails is made small and told.

    What is declared takes an empty folder and what was drawn, and returns the outcome.
    """

    def declare(holds: Callable[..., str]) -> Callable[..., str]:
        def trials(rng: random.Random, folder: Path) -> Iterator[str]:
            found: list[str] = []

            @settings(DRAWN, max_examples=min(quick, AT_ONCE))
            @given(**strategies)
            def once(**inputs: object) -> None:
                found.append(holds(folder, **inputs))

            while True:
                try:
                    seed(rng.getrandbits(64))(once)()
                except Exception as fault:
                    told = (f"{type(fault).__name__}: {fault}", *getattr(fault, "__notes__", ()))
                    raise Fault("\n".join(told)) from fault
                yield from found
                found.clear()

        kind(part, what, quick, many)(trials)
        return holds

    return declare


def tried(one: Kind, count: int, seed: int) -> Counter[str]:
    """Try a kind of fault so often; how often each outcome came."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        found = Counter(islice(one.trials(random.Random(f"{seed} {one.what}"), Path(folder)), count))
    assert found.total() and set(found) <= set(OUTCOMES), found
    return found
