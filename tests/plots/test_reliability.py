"""Reliability: groups by hand, Wilson's interval against its formula and a published one."""

import numpy as np
import pandas as pd
import pytest

from matchmodel.plots import reliability_plot
from matchmodel.plots.reliability import person_groups

from .conftest import bins, labelled


def wilson(share, n, z=1.959963984540054):
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return middle - half, middle + half


def test_groups_hold_everybody_once_and_about_equally():
    frame = bins(k=400, largest=40)
    found = person_groups(frame)
    assert len(found["total"]) == 10
    assert found["total"].sum() == frame["total"].sum() and found["matched"].sum() == frame["matched"].sum()
    assert (
        np.abs(found["total"] / frame["total"].sum() - 0.1).max() < 40 / frame["total"].sum() + 1e-9
    )  # off by a bin at most
    assert (np.diff(found["predicted"]) > 0).all()


def test_groups_by_hand():
    frame = pd.DataFrame({"predicted": [0.5, 0.1, 0.9, 0.2], "matched": [3, 1, 8, 0], "total": [5, 5, 10, 0]})
    found = person_groups(frame, groups=2)
    assert found["predicted"] == pytest.approx([0.3, 0.9]) and found["share"] == pytest.approx([0.4, 0.8])
    assert list(found["total"]) == [10, 10]


def test_intervals_are_wilsons():
    found = person_groups(bins())
    low, high = wilson(found["share"], found["total"])
    assert found["low"] == pytest.approx(low) and found["high"] == pytest.approx(high)
    none = person_groups(pd.DataFrame({"predicted": [0.1], "matched": [0], "total": [10]}))
    assert (none["low"][0], none["high"][0]) == pytest.approx(
        (0, 0.2775), abs=1e-4
    )  # 0 of 10: a textbook value


def test_drawn_as_given():
    frame = bins()
    figure = reliability_plot([("one", frame, "slope 1.00"), ("two", bins(2), "")])
    axis, below = figure.axes[:2]
    some = frame[frame["total"] > 0]
    (dots,), (groups,), (bars,) = (labelled(axis, label) for label in ("bins", "groups", "95%"))
    assert np.asarray(dots.get_offsets()) == pytest.approx(
        np.column_stack([some["predicted"], some["matched"] / some["total"]])
    )
    found = person_groups(frame)
    assert groups.get_xydata() == pytest.approx(np.column_stack([found["predicted"], found["share"]]))
    assert [tuple(s[:, 1]) for s in bars.get_segments()] == [
        pytest.approx(pair) for pair in zip(found["low"], found["high"], strict=True)
    ]
    assert sum(p.get_height() for p in below.patches) == pytest.approx(frame["total"].sum())
    assert labelled(axis, "perfect")[0].get_xydata().tolist() == [[0, 0], [1, 1]]
    width, height = axis.get_window_extent().size
    assert width == pytest.approx(height, rel=0.03)


def test_persons_one_by_one_have_no_bins():
    rng = np.random.default_rng(5)
    p = rng.uniform(0.1, 0.9, 500)
    axis = reliability_plot(
        [("persons", pd.DataFrame({"predicted": p, "matched": rng.uniform(size=500) < p, "total": 1}), "")]
    ).axes[0]
    assert not labelled(axis, "bins") and len(labelled(axis, "groups")[0].get_xdata()) == 10
