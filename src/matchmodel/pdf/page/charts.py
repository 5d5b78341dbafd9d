"""Words of a bar chart, left out so that its figures and bins are taken for no cells."""

from collections.abc import Iterable

from .letters import Box
from .words import Word

BARS, HEIGHTS = 4, 3  # from one level on, so many bars of so many heights are a chart
NEAR = 2.0  # its figures stand above the bars, its labels right below, at most so many letters' sizes off


def words_of_charts(words: Iterable[Word], shapes: Iterable[Box]) -> set[Word]:
    """Return the figures and bins that stand among upright bars, right above or right below them.

    Parameters
    ----------
    words
        Of a page.
    shapes
        Its filled boxes; shaded cells of a row are of one height.
    """
    levels: dict[int, list[Box]] = {}
    for box in shapes:
        if box[1] - box[0] > 1 and box[3] - box[2] > 1:
            levels.setdefault(round(box[3]), []).append(box)
    charts = [
        (min(box[0] for box in bars), max(box[1] for box in bars), min(box[2] for box in bars), bottom)
        for bottom, bars in levels.items()
        if len(bars) >= BARS and len({round(box[2]) for box in bars}) >= HEIGHTS
    ]
    return {
        word
        for word in words
        if not any(ch.isalpha() for ch in word.text)
        for x0, x1, top, bottom in charts
        if x0 - word.size < (word.x0 + word.x1) / 2 < x1 + word.size
        and top - NEAR * word.size < (word.top + word.bottom) / 2 < bottom + NEAR * word.size
    }
