"""Forest plots: drawn ratios are the answer's, drawn estimates the model file's."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from matchmodel import Applicant
from matchmodel.covariates import COVARIATES
from matchmodel.errors import NotInModel
from matchmodel.model import Model
from matchmodel.model.answer import Answer, LikelihoodRatio
from matchmodel.plots import evidence_plot, forest_plot, style
from matchmodel.plots.forest import VALUES, grades, look

from .conftest import labelled


def _first(answer: Answer, name: str) -> LikelihoodRatio:
    return next(lr for lr in answer.likelihood_ratios if lr.covariate == name)


@pytest.fixture(scope="module")
def bare(model: Model) -> Model:
    """The model without covariates."""
    types = {}
    for kind, held in model.record.types.items():
        cells = {s: replace(cell, kappa={}) for s, cell in held.cells.items()}
        types[kind] = replace(held, cells=cells, reference={})
    return Model(replace(model.record, effects={}, types=types))


@pytest.mark.parametrize("kind, specialty", [("non-us-img", "Internal Medicine"), ("us-img", "Neurology")])
def test_ratios_are_those_of_the_answer(model, kind, specialty):
    axis = forest_plot(model, kind, specialty).axes[0]
    year = model.kind(kind).year
    assert axis.get_xscale() == "log"
    drawn = 0
    for name, values in VALUES.items():
        dots, ranges = labelled(axis, f"ratio {name}"), labelled(axis, f"range {name}")
        assert bool(dots) == (name == "step2_ck" or model.has_effect(kind, name))
        for value, dot, line in zip(values, dots, ranges, strict=False):
            lr = _first(model.odds(Applicant(specialty, kind, cycle=year, **{name: value})), name)
            assert dot.get_xdata() == pytest.approx([lr.ratio]) and line.get_xdata() == pytest.approx(
                [lr.low, lr.high]
            )
            assert f"{lr.ratio:.2f} ({lr.low:.2f}–{lr.high:.2f})" in [t.get_text() for t in axis.texts]
            drawn += 1
        assert len(dots) in (0, len(values))
    assert drawn >= 17


def test_basis_and_grade_are_written_and_marked(model):
    axis = forest_plot(model).axes[0]
    texts = [t.get_text() for t in axis.texts]
    assert (
        "measured, B" in texts and "evidence, C/D" in texts
    )  # two grades behind Step 1 failures, C the heavier
    (measured, *_), (evidence, *_) = labelled(axis, "ratio step2_ck"), labelled(axis, "ratio visa_needed")
    assert (measured.get_color(), measured.get_marker()) != (evidence.get_color(), evidence.get_marker())
    us = forest_plot(model, "us-img").axes[0]
    assert "assumed" in [t.get_text() for t in us.texts]
    assert labelled(us, "ratio step2_ck")[0].get_marker() == look("assumed", {})[1]


def test_bases_and_grades_differ_by_marker_and_lightness():
    kinds = [look("measured", {}), *(look("evidence", {g: 1.0}) for g in "BCD"), look("assumed", {})]
    assert len({marker for _, marker in kinds}) == 5
    light = sorted(style.luminance(colour) for colour, _ in kinds)
    assert np.diff(light).min() > 0.005


def test_grades_by_weight(model):
    found = grades(model, "step1_failed")
    assert list(found) == ["C", "D"] and 0 < sum(found.values()) < 1  # the prior has the rest
    assert grades(model, "step2_ck") == {}


def test_evidence_is_the_model_files(model):
    axis = evidence_plot(model).axes[0]
    effects = model.record.effects.values()
    rows = [row for e in effects for row in sorted(e.rows, key=lambda r: (r.grade, -r.weight))]
    dots, ranges, wide = (labelled(axis, label) for label in ("estimate", "80%", "95%"))
    assert len(dots) == len(rows) == len(ranges) == len(wide)
    for row, dot, line, whole in zip(rows, dots, ranges, wide, strict=True):
        assert dot.get_offsets()[0][0] == pytest.approx(row.value)
        assert line.get_xdata() == pytest.approx(norm.interval(0.8, row.value, row.se))
        assert whole.get_xdata() == pytest.approx(norm.interval(0.95, row.value, row.se))
    texts = [t.get_text() for t in axis.texts]
    assert all(row.id in texts for row in rows)
    low, high = axis.get_xlim()
    assert all(low <= v <= high for line in wide for v in line.get_xdata())


def test_what_is_used_and_what_was_believed_are_diamonds(model):
    axis = evidence_plot(model).axes[0]
    used, believed, specialties = (labelled(axis, label) for label in ("combined", "prior", "specialty"))
    for effect, diamond, prior, line in zip(
        model.record.effects.values(), used, believed, specialties, strict=True
    ):
        for drawn, value, sd in (
            (diamond, effect.mean.value, effect.mean.se),
            (prior, effect.prior.mean, effect.prior.sd),
        ):
            x = drawn.get_xy()[:, 0]
            assert (x.min(), x.max()) == pytest.approx(norm.interval(0.8, value, sd))
        ends = norm.interval(0.8, effect.mean.value, np.hypot(effect.mean.se, effect.spread))
        assert line.get_xdata() == pytest.approx(ends)


def test_scales_agree(model):
    axis = evidence_plot(model).axes[0]
    (above,) = axis.child_axes
    for place, text in zip(above.get_xticks(), above.get_xticklabels(), strict=True):
        assert np.exp(place) == pytest.approx(float(text.get_text()))


def test_without_evidence(bare):
    with pytest.raises(NotInModel, match="no covariates beside Step 2 CK"):
        evidence_plot(bare)
    axis = forest_plot(bare).axes[0]
    assert len(labelled(axis, "ratio step2_ck")) == 5 and not any(
        labelled(axis, f"ratio {name}") for name in COVARIATES
    )
