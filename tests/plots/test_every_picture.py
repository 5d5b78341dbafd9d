"""What holds of every picture: labels apart and on the page, bytes that repeat, nothing changed outside."""

import matplotlib
import pandas as pd
import pytest
from matplotlib.figure import Figure

from matchmodel import Applicant
from matchmodel.plots import (
    applications_plot,
    chain_plot,
    drift_plot,
    evidence_plot,
    forest_plot,
    left_out_plot,
    reliability_plot,
    save,
    score_plot,
    sensitivity_plot,
    uncertainty_plot,
    worlds_plot,
)  # fmt: skip
from matchmodel.plots.style import picture_bytes

from .conftest import bins, chain, changes, left_out, shown_texts, worlds, years

SIX = ("Internal Medicine", "Family Medicine", "Neurology", "Pediatrics", "Psychiatry", "General Surgery")
WIDTHS = {
    "strong, no visa": {
        "everything": 11.0,
        "drift to the cycle": 0.4,
        "usce_months": 0.35,
        "level and Step 2 CK slope": 0.25,
    },
    "weak, failures": {
        "everything": 6.0,
        "drift to the cycle": 0.2,
        "step1_failed": 0.3,
        "step2_failed": 0.54,
        "visa_needed": -0.04,
    },
}
LINE = "slope 1.00 (SE 0.03), mean error 2.3 points, floor 2.3"


def _panels(k):
    return [(f"made-up bins {i}", bins(i), LINE) for i in range(k)]


# name: (what it is drawn from, how); both called anew each time
PICTURES = {
    "score": (lambda m, t: None, lambda m, t, given: score_plot(m, t)),
    "score, US IMGs": (
        lambda m, t: None,
        lambda m, t, given: score_plot(m, t, "us-img", ["IM", "Neurology"]),
    ),
    "score, one, suppressed": (
        lambda m, t: None,
        lambda m, t, given: score_plot(m, t, specialties=["Dermatology"]),
    ),
    "forest": (lambda m, t: None, lambda m, t, given: forest_plot(m)),
    "forest, US IMGs": (lambda m, t: None, lambda m, t, given: forest_plot(m, "us-img", "FM")),
    "evidence": (lambda m, t: None, lambda m, t, given: evidence_plot(m)),
    "reliability, one": (lambda m, t: _panels(1), lambda m, t, given: reliability_plot(given)),
    "reliability, five": (lambda m, t: _panels(5), lambda m, t, given: reliability_plot(given)),
    "applications": (
        lambda m, t: [Applicant("IM", "non-us-img", step2_ck=s) for s in (230, 235, 260)],
        lambda m, t, given: applications_plot(m, given),
    ),
    "applications, six": (
        lambda m, t: [Applicant(s, "non-us-img", step2_ck=245) for s in SIX],
        lambda m, t, given: applications_plot(m, given),
    ),
    "uncertainty": (lambda m, t: WIDTHS, lambda m, t, given: uncertainty_plot(given)),
    "chain": (lambda m, t: chain(), lambda m, t, given: chain_plot(*given)),
    "drift": (lambda m, t: years(), lambda m, t, given: drift_plot(given)),
    "worlds": (lambda m, t: worlds(), lambda m, t, given: worlds_plot(given)),
    "left out": (lambda m, t: left_out(), lambda m, t, given: left_out_plot(given)),
    "sensitivity": (lambda m, t: changes(), lambda m, t, given: sensitivity_plot(given)),
}


def _settings():
    return {
        k: matplotlib.rcParams[k] for k in matplotlib.rcParams if k != "backend"
    }  # asking for it chooses it


@pytest.fixture(params=PICTURES)
def name(request):
    return request.param


@pytest.fixture
def draw(name, model, tidy):
    given, drawn = PICTURES[name]
    return lambda: drawn(model, tidy, given(model, tidy))


def test_labels_do_not_overlap_and_stay_on_the_page(draw):
    figure = draw()
    assert isinstance(figure, Figure)
    texts = shown_texts(figure)
    boxes = [t.get_window_extent() for t in texts]
    page = figure.bbox
    for text, box in zip(texts, boxes, strict=True):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= page.x1 and box.y1 <= page.y1, text.get_text()
    for k, a in enumerate(boxes):
        for j, b in enumerate(boxes[:k]):
            across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            assert across < 0.5 or up < 2.5, (
                texts[k].get_text(),
                texts[j].get_text(),
                across,
                up,
            )  # boxes hold a line's empty descent too


def test_the_same_bytes_again_and_nothing_changed(draw, name, tmp_path):
    before = _settings()
    one, other = draw(), draw()
    for kind in ("png", "svg"):
        first = save(one, tmp_path / f"1.{kind}").read_bytes()
        assert first == picture_bytes(one, kind) == picture_bytes(other, kind)
    assert _settings() == before


@pytest.mark.parametrize(
    "name",
    [n for n in PICTURES if n.split(",")[0] in ("reliability", "drift", "worlds", "left out", "sensitivity")],
)
def test_frames_are_left_as_they_are(name, model, tidy):
    made, drawn = PICTURES[name]
    given, same = made(model, tidy), made(model, tidy)
    drawn(model, tidy, given)
    frames = (
        [(a, b) for (_, a, _), (_, b, _) in zip(given, same, strict=True)]
        if isinstance(given, list)
        else [(given, same)]
    )
    for a, b in frames:
        pd.testing.assert_frame_equal(a, b)
