"""The checks' pictures: every number read back from what is drawn."""

import numpy as np
import pytest

from matchmodel.plots import chain_plot, drift_plot, left_out_plot, sensitivity_plot, style, worlds_plot

from .conftest import chain, changes, labelled, left_out, worlds, years


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
    assert slopes == {
        "correlations x0": style.INK,
        "correlations x1": style.VERMILLION,
    }  # the second's mean is 0.90
    zones = [[(p.get_x(), p.get_x() + p.get_width()) for p in axis.patches] for axis in figure.axes]
    assert zones == [[pytest.approx((0.95, 1.05))], [pytest.approx((0.76, 0.84))], []]


def test_left_out():
    frame = left_out()
    figure = left_out_plot(frame)
    names = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert names == ["Pediatrics", "Neurology", "Dermatology"]  # by measured slope, the one without any last
    for axis, what in zip(figure.axes, ("slope", "rate", "rank slope"), strict=True):
        rows = frame[frame["what"] == what].set_index("specialty")
        drawn = [names[round(line.get_ydata()[0])] for line in labelled(axis, "measured")]
        assert sorted(drawn) == sorted(rows.index)
        for name, dot, bar, point in zip(
            drawn, *(labelled(axis, label) for label in ("measured", "range", "predicted")), strict=True
        ):
            row = rows.loc[name]
            assert (dot.get_xdata()[0], *bar.get_xdata(), point.get_xdata()[0]) == pytest.approx(
                (row["measured"], row["low"], row["high"], row["predicted"])
            )
            assert dot.get_marker() == ("o" if row["inside"] else "X")
        for name, own in zip(drawn, labelled(axis, "own"), strict=True):
            assert tuple(own.get_xdata()) == pytest.approx(
                (rows.loc[name, "measured_low"], rows.loc[name, "measured_high"])
            )
    assert [t.get_text() for axis in figure.axes for t in axis.texts] == [
        "Slope: 1 of 2 inside",
        "Rate: 1 of 3 inside",
        "Rank slope: 1 of 1 inside",
    ]


def test_one_kind_of_left_out_alone():
    frame = left_out()
    assert len(left_out_plot(frame[frame["what"] == "rate"]).axes) == 1


def test_changes_against_the_base():
    frame = changes()
    ranked, apply, widths = sensitivity_plot(frame).axes
    order = [t.get_text() for t in ranked.get_yticklabels()]
    assert order == ["as shipped", "no widening", "twice as wide"]
    for name, rows in frame.groupby("applicant"):
        by = {measure: rows[rows["measure"] == measure] for measure in ("p_ranked", "p_apply")}
        for axis, measure in ((ranked, "p_ranked"), (apply, "p_apply")):
            (dots,) = labelled(axis, name)
            assert dots.get_xdata() == pytest.approx(100 * (by[measure]["point"] - by[measure]["base"]))
            assert [order[round(y)] for y in dots.get_ydata()] == list(by[measure]["change"])
        (wide,) = labelled(widths, name)
        assert wide.get_xdata() == pytest.approx(100 * (by["p_apply"]["high"] - by["p_apply"]["low"]))
    names = {"strong, visa", "weak, failures, visa"}
    assert names <= {t.get_text() for t in ranked.texts}
    looks = {(line.get_color(), line.get_marker()) for line in labelled(ranked, "_key")}
    assert looks == {(labelled(ranked, n)[0].get_color(), labelled(ranked, n)[0].get_marker()) for n in names}


def test_the_chain_beside_what_is_published():
    fitted, shares, bins = chain()
    mean, sd, slope, matched, below = chain_plot(fitted, shares, bins).axes
    for axis, quantity in ((mean, "mean_ranks"), (sd, "sd_ranks"), (slope, "rank_slope")):
        rows = fitted[fitted["quantity"] == quantity]
        assert labelled(axis, "solved")[0].get_xydata() == pytest.approx(
            rows[["published", "chain"]].to_numpy(float)
        )
        assert max(rows["chain"].max(), rows["published"].max()) < axis.get_xlim()[1] == axis.get_ylim()[1]
    for label, column in (("chain", "expected"), ("seen", "matched")):
        assert labelled(matched, label)[0].get_ydata() == pytest.approx(bins[column] / bins["applicants"])
    for label, column in (("observed", "observed"), ("chain", "share"), ("takes part", "takes_part")):
        assert [line.get_xdata()[0] for line in labelled(below, label)] == pytest.approx(list(shares[column]))
    assert [t.get_text() for t in below.get_yticklabels()] == list(shares["specialty"])


def test_a_chain_without_trackers_or_shares():
    fitted, shares, bins = chain()
    assert len(chain_plot(fitted, shares, bins[:0]).axes) == 4
    assert not chain_plot(fitted, shares[:0], bins).axes[-1].get_visible()
