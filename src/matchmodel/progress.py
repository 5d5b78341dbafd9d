"""Progress of long work, on standard error."""

import sys
from time import monotonic

SOON = 1.0  # second, after which progress is said


def say(text):
    """Print a line of progress on standard error."""
    print(text, file=sys.stderr, flush=True)


class Soon:
    """Parts of a run, named once it has taken over a second, then ever more rarely."""

    def __init__(self):
        self.start, self.last = monotonic(), -SOON

    def __call__(self, text):
        now = monotonic() - self.start
        if now > SOON and now - self.last >= max(SOON, now / 5):
            self.last = now
            say(f"{text} ({now:.0f} s)")


class Progress:
    """A bar over all steps of a run; where standard error is no terminal, a line a part instead.

    Parameters
    ----------
    total : int
        Steps in all.
    """

    def __init__(self, total):
        from tqdm import tqdm  # which asking does without

        self.bar = tqdm(
            total=total,
            file=sys.stderr,
            disable=None,
            leave=False,
            bar_format="{desc:<52.52} {percentage:3.0f}% |{bar:20}| {elapsed}<{remaining}",
        )

    def part(self, text):
        """Name the part that begins."""
        if self.bar.disable:
            say(text)
        else:
            self.bar.set_description_str(text)

    def step(self):
        """Count one step done."""
        self.bar.update()

    def note(self, text):
        """Say a line without spoiling the bar."""
        self.bar.clear()
        say(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.bar.close()
