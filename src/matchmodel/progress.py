"""Progress of long work, on standard error."""

import sys
from collections.abc import Callable
from time import monotonic
from typing import Self

from .errors import visible

SOON = 1.0  # second, after which progress is said
MINUTE = 60.0  # seconds; how often the time left is said where no bar is drawn

Say = Callable[[str], None]  # what long work is given to say what it is doing


def say(text: str) -> None:
    """Print a line of progress on standard error."""
    print(visible(text), file=sys.stderr, flush=True)


class Soon:
    """Parts of a run, named once it has taken over a second, then ever more rarely."""

    def __init__(self) -> None:
        self.start, self.last = monotonic(), -SOON

    def __call__(self, text: str) -> None:
        now = monotonic() - self.start
        if now > SOON and now - self.last >= max(SOON, now / 5):
            self.last = now
            say(f"{text} ({now:.0f} s)")


class Progress:
    """A bar over all steps of a run; where standard error is no terminal, lines instead.

    Both say how long the rest takes at the pace so far: where there is no bar, in a line once a minute.

    Parameters
    ----------
    total
        Steps in all, each counted as `step` does.
    """

    def __init__(self, total: float) -> None:
        from tqdm import tqdm  # which asking does without

        self.bar = tqdm(
            total=total,
            file=sys.stderr,
            disable=None,
            leave=False,
            bar_format="{desc:<52.52} {percentage:3.0f}% |{bar:20}| {elapsed}<{remaining}",
        )
        self.total, self.done, self.start = total, 0.0, monotonic()
        self.said = self.start

    def part(self, text: str) -> None:
        """Name the part that begins."""
        if self.bar.disable:
            say(text)
        else:
            self.bar.set_description_str(text)

    def step(self, weight: float = 1.0) -> None:
        """Count one step done.

        Parameters
        ----------
        weight
            What it takes, in steps of the usual length.
        """
        self.done += weight
        self.bar.update(weight)
        now = monotonic()
        if self.bar.disable and now - self.said >= MINUTE and self.done < self.total:
            self.said = now
            left = (now - self.start) * (self.total - self.done) / self.done / MINUTE
            say(f"  {self.done / self.total:.0%} done, about {max(1, round(left))} min left")

    def note(self, text: str) -> None:
        """Say a line without spoiling the bar."""
        self.bar.clear()
        say(text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()
