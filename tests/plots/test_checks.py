"""The checks' pictures: every number read back from what is drawn."""

import numpy as np
import pytest

from matchmodel.plots import drift_plot, left_out_plot, sensitivity_plot, style, worlds_plot

from .conftest import changes, labelled, left_out, worlds, years


def test_years_and_misses():
    frame = years()
    figure = drift_plot(frame)
    for axis, kind in zip(figure.axes, ("us-img", "non-us-img"), strict=True):
        rows = frame[frame["applicant_type"] == kind]
        inside, missed = rows[rows["inside"]], rows[~rows["inside"]]
        assert labelled(axis, "inside")[0].get_xydata() == pytest.approx(inside[["year", "rate"]].to_numpy())
        assert labelled(axis, "missed")[0].get_xydata() == pytest.approx(missed[["year", "rate"]].to_numpy())
        ranges = np.array([s[:, 1] for s in labelled(axis, "range")[0].get_segments()])
        assert ranges == pytest.approx(rows[["low", "high"]].to_numpy())
        said = [t.get_text() for t in axis.texts]
        assert [s for s in said if s.isdigit()] == [str(y) for y in missed["year"]]
        assert any(f"{len(inside)} of {len(rows)} inside" in s for s in said)


def test_worlds_means_and_goals():
    frame = worlds()
    figure = worlds_plot(frame)
    for axis, name in zip(figure.axes, ("slope", "coverage", "mean_error"), strict=True):
        scale = 100 if name == "mean_error" else 1
        for setting, rows in frame.groupby("setting"):
            (dots,), (mean,) = labelled(axis, setting), labelled(axis, f"mean {setting}")
            assert dots.get_xdata() == pytest.approx(np.sort(rows[name]) * scale)
            assert mean.get_xdata() == pytest.approx([rows[name].mean() * scale] * 2)
    slopes = {s: labelled(figure.axes[0], f"mean {s}")[0].get_color() for s in frame["setting"].unique()}
    assert slopes == {"correlations x0": style.INK, "correlations x1": style.VERMILLION}  # the second's mean is 0.90
    zones = [[(p.get_x(), p.get_x() + p.get_width()) for p in axis.patches] for axis in figure.axes]
    assert zones == [[pytest.approx((0.95, 1.05))], [pytest.approx((0.76, 0.84))], []]


def test_left_out():
    frame = left_out()
    figure = left_out_plot(frame)
    names = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert names == ["Pediatrics", "Neurology", "Dermatology"]  # by measured slope, the one without any last
    for axis, what in zip(figure.axes, ("slope", "rate"), strict=True):
        rows = frame[frame["what"] == what].set_index("specialty")
        drawn = [names[round(line.get_ydata()[0])] for line in labelled(axis, "measured")]
        assert sorted(drawn) == sorted(rows.index)
        for name, dot, bar, point in zip(drawn, *(labelled(axis, label) for label in ("measured", "range", "predicted")), strict=True):
            row = rows.loc[name]
            assert (dot.get_xdata()[0], *bar.get_xdata(), point.get_xdata()[0]) == pytest.approx((row["measured"], row["low"], row["high"], row["predicted"]))
            assert dot.get_marker() == ("o" if row["inside"] else "X")
        for name, own in zip(drawn, labelled(axis, "own"), strict=True):
            assert tuple(own.get_xdata()) == pytest.approx((rows.loc[name, "measured_low"], rows.loc[name, "measured_high"]))
    assert [t.get_text() for axis in figure.axes for t in axis.texts] == ["Slope: 1 of 2 inside", "Rate: 1 of 3 inside"]


def test_one_kind_of_left_out_alone():
    frame = left_out()
    assert len(left_out_plot(frame[frame["what"] == "rate"]).axes) == 1


def test_changes_against_the_base():
    frame = changes()
    moves, widths = sensitivity_plot(frame).axes
    order = [t.get_text() for t in moves.get_yticklabels()]
    assert order == ["as shipped", "no widening", "twice as wide"]
    for name, rows in frame.groupby("applicant"):
        (dots,), (wide,) = labelled(moves, name), labelled(widths, name)
        assert dots.get_xdata() == pytest.approx(100 * (rows["p_ranked"] - rows["base"]))
        assert wide.get_xdata() == pytest.approx(100 * (rows["high"] - rows["low"]))
        assert [order[round(y)] for y in dots.get_ydata()] == list(rows["change"])
    said = [t.get_text() for t in moves.texts]
    assert said == ["strong, visa", "weak, failures, visa"]
    looks = {(line.get_color(), line.get_marker()) for line in labelled(moves, "_key")}
    assert looks == {(labelled(moves, n)[0].get_color(), labelled(moves, n)[0].get_marker()) for n in said}
