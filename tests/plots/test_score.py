"""Step 2 CK against the chance: the curve is the model's, the marks are the table's."""

import numpy as np
import pytest

from matchmodel import Applicant
from matchmodel.errors import NotInModel
from matchmodel.fit.document.model import document
from matchmodel.fit.tables.cells import measured_cells
from matchmodel.fit.train import train
from matchmodel.model import Model
from matchmodel.plots import score_plot
from matchmodel.plots.score import default_specialties, shares_within

from .conftest import labelled

KIND = "non-us-img"


@pytest.fixture(scope="module")
def panels(model, training):
    figure = score_plot(model, training)
    return dict(zip(default_specialties(model, KIND), figure.axes, strict=True)), figure


def average(model, specialty):
    """Return what the model answers when nothing is known, in the year of the table."""
    return model.odds(Applicant(specialty, KIND, cycle=model.kind(KIND).year)).p_ranked.point


def test_six_of_different_size_and_knowledge(model):
    chosen = default_specialties(model, KIND)
    cells = [model.cell(KIND, s) for s in chosen]
    counted = [c.published.matched + c.published.not_matched for c in cells]
    assert len(chosen) == 6 and counted == sorted(counted, reverse=True)
    assert [c.own_slope for c in cells] == [True] * 5 + [False]


def test_curve_and_band_are_the_models(panels, model):
    year = model.kind(KIND).year
    for specialty, axis in panels[0].items():
        drawn = [line.get_xydata() for label in ("beyond", "scores seen") for line in labelled(axis, label)]
        seen = model.cell(KIND, specialty).score_seen
        assert sorted({x for part in drawn for x, _ in part}) == list(range(210, 281))
        answers = {
            x: model.odds(Applicant(specialty, KIND, step2_ck=x, cycle=year)).p_ranked
            for x in range(210, 281, 10)
        }
        for part in drawn:
            for x, p in part:
                if x in answers:
                    assert p == pytest.approx(answers[x].point, abs=1e-12)
        (inside,) = labelled(axis, "scores seen")
        assert inside.get_xdata().min() == max(np.ceil(seen.low), 210) and inside.get_xdata().max() == min(
            np.floor(seen.high), 280
        )
        band = axis.collections[0].get_paths()[0].vertices
        for x, found in answers.items():
            here = band[band[:, 0] == x][:, 1]
            assert (here.min(), here.max()) == pytest.approx((found.low, found.high))


def test_averages_as_published(panels, model):
    for specialty, axis in panels[0].items():
        rate, own_rate = model.cell(KIND, specialty).published.rate, average(model, specialty)
        (line,) = labelled(axis, "published average")
        assert set(line.get_ydata()) == {rate}
        own = labelled(axis, "model average")
        assert bool(own) == (abs(own_rate - rate) > 0.005)
        assert all(o.get_ydata()[0] == pytest.approx(own_rate) for o in own)
        assert f"{100 * rate:.1f}%\npublished" in [t.get_text() for t in axis.texts]


def test_quartiles_as_printed(panels, training):
    printed = training.table("quartiles")
    printed = printed[(printed["measure"] == "step2_ck") & (printed["applicant_type"] == KIND)]
    for specialty, axis in panels[0].items():
        for cohort, word in (("matched", "_matched"), ("not_matched", "_not matched")):
            row = printed[(printed["specialty"] == specialty) & (printed["cohort"] == cohort)].iloc[0]
            marks = labelled(axis, word)
            if np.isnan(row["q1"]):
                assert not marks and any("suppressed" in t.get_text() for t in axis.texts)
            else:
                assert list(marks[0].get_xdata()) == [row["q1"], row["median"], row["q3"]]


def test_points_add_up_to_the_full_counts(panels, model):
    for specialty, axis in panels[0].items():
        found, cell = labelled(axis, "table"), model.cell(KIND, specialty)
        if not cell.own_slope:
            assert not found
            continue
        x, share = found[0].get_offsets().T
        assert len(x) == 5 and (np.diff(x) > 0).all()
        assert share.mean() == pytest.approx(cell.published.rate, abs=1e-7)  # fifths are equal in applicants
    internal = labelled(panels[0]["Internal Medicine"], "table")[0].get_sizes()
    pediatrics = labelled(panels[0]["Pediatrics"], "table")[0].get_sizes()
    assert internal[0] / pediatrics[0] == pytest.approx(6992 / 791)


def test_the_caption_says_what_is_not_printed(panels):
    text = " ".join(panels[1].texts[1].get_text().split())
    assert "reconstructed from the printed quartiles" in text and "not printed by the table" in text


@pytest.mark.parametrize("parts", (1, 4, 5))
def test_shares_within_against_applicants_one_by_one(parts):
    rng = np.random.default_rng(parts)
    cohorts = {
        "matched": (np.arange(230, 270, 2.0), rng.integers(1, 9, 20)),
        "not_matched": (np.arange(211, 251, 2.0), rng.integers(1, 9, 20)),
    }
    counts = {name: int(w.sum()) for name, (_, w) in cohorts.items()}
    people = sorted(
        (v, name == "matched")
        for name, (values, weights) in cohorts.items()
        for v, w in zip(values, weights, strict=True)
        for _ in range(w * parts)
    )
    groups = np.array_split(
        np.array(people, float), parts
    )  # `parts` copies of everybody split evenly; no value is in both cohorts
    score, matched, n = shares_within(cohorts, counts, parts)
    assert score == pytest.approx([g[:, 0].mean() for g in groups])
    assert matched == pytest.approx([g[:, 1].sum() / parts for g in groups])
    assert n == pytest.approx([len(g) / parts for g in groups])


def test_cohorts_are_scaled_to_the_full_counts():
    cohorts = {
        "matched": (np.array([240.0]), np.array([3.0])),
        "not_matched": (np.array([240.0]), np.array([5.0])),
    }
    score, matched, n = shares_within(cohorts, {"matched": 30, "not_matched": 10})
    assert (
        matched / n == pytest.approx([0.75] * 5)
        and n.sum() == pytest.approx(40)
        and score == pytest.approx([240] * 5)
    )


def test_printed_bins_are_drawn_as_printed(everything):
    """The 2007 report prints bins: they are the points, and nothing is called reconstructed."""
    old = everything.select(role="validation")
    bins = measured_cells(old, "step2_ck")["independent", "Neurology"][0].bins
    figure = score_plot(Model(document(train(old, draws=50), "2007")), old, "independent", ["Neurology"])
    axis = figure.axes[0]
    counts = old.table("counts")
    row = counts[(counts["applicant_type"] == "independent") & (counts["specialty"] == "Neurology")].iloc[0]
    matched, other = (
        row[c] * k / k.sum() for c, k in (("matched", bins.matched), ("not_matched", bins.not_matched))
    )
    some = matched + other > 0
    x, share = np.asarray(labelled(axis, "table")[0].get_offsets()).T
    assert list(x) == list(bins.mid[some]) and share == pytest.approx((matched / (matched + other))[some])
    assert axis.get_xlim() == (bins.low, bins.high)
    text = " ".join(figure.texts[1].get_text().split())
    assert "printed score bins" in text and "reconstructed" not in text


def test_a_type_without_tables_says_so(model, training):
    figure = score_plot(model, training, "us-img", ["Internal Medicine"])
    assert not labelled(figure.axes[0], "table") and not labelled(figure.axes[0], "published average")
    assert "derived from non-US IMGs" in " ".join(figure.texts[1].get_text().split())


def test_unknown_and_withheld_specialties(model, training):
    with pytest.raises(NotInModel):
        score_plot(
            model, training, "us-img", ["Dermatology", "Plastic Surgery (Integrated)", "Ophthalmology"]
        )
    with pytest.raises(NotInModel, match="Thoracic Surgery"):
        score_plot(model, training, KIND, ["Thoracic Surgery"])
