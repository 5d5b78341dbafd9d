"""The figure: its numbers read back, its labels apart, the same bytes again."""

import pytest

from matchmodel import Applicant, Model
from matchmodel.compare.answers import Asked
from matchmodel.compare.picture import MOST, comparison_plot, drawn_coefficients
from matchmodel.compare.report import signed
from matchmodel.compare.result import Thresholds, compare_models
from matchmodel.plots.style import picture_bytes

from ..plots.conftest import labelled, shown_texts
from .conftest import moved, put


@pytest.fixture(scope="module")
def comparisons(fresh, no_neurology, no_evidence, record):
    wild = record
    for k, specialty in enumerate(record.types["us-img"].cells):
        wild = moved(wild, ("types", "us-img", "cells", specialty, "level"), (-1) ** k * (0.3 + k / 8))
    for k, name in enumerate(record.effects):
        wild = put(wild, ("effects", name, "mean", "value"), lambda v, k=k: v + 0.04 * (k + 1))
    own = {
        f"applicant {k}": Asked(Applicant("Obstetrics and Gynecology", "us-img", 215 + 2 * k, usce_months=k))
        for k in range(30)
    }  # fmt: skip
    return {
        "no neurology": compare_models(fresh, no_neurology),
        "no evidence": compare_models(fresh, no_evidence),
        "itself": compare_models(fresh, fresh),
        "wild": compare_models(fresh, Model(wild)),
        "table": compare_models(fresh, Model(wild), own, thresholds=Thresholds(1, 2)),
        "nobody": compare_models(fresh, no_neurology, {}),
    }


NAMES = ("no neurology", "no evidence", "itself", "wild", "table", "nobody")


def minus(text):
    return text.replace("-", chr(0x2212))


@pytest.mark.parametrize("name", NAMES)
def test_coefficients_read_back(comparisons, name):
    found = comparisons[name]
    axis = comparison_plot(found).axes[0]
    changes, count = drawn_coefficients(found)
    assert len(changes) == min(count, MOST) and all(abs(c.size) >= 0.05 for c in changes)
    dots = labelled(axis, "coefficient")
    assert [float(d.get_xdata()[0]) for d in dots] == [c.size for c in changes]
    assert [d.get_ydata()[0] for d in dots] == list(range(len(changes)))
    assert [d.get_marker() for d in dots] == ["X" if found.is_over(c) else "o" for c in changes]
    written = [t.get_text() for t in axis.texts if t.get_label() == "direct"]
    assert written == [minus(signed(c.size)) for c in changes]
    names = [" ".join(t.get_text().split()) for t in axis.get_yticklabels()]
    assert all(n.endswith(c.label) for n, c in zip(names, changes, strict=True))
    (zone,) = labelled(axis, "threshold")
    assert (zone.get_x(), zone.get_width()) == (
        -found.thresholds.standard_errors,
        2 * found.thresholds.standard_errors,
    )
    assert bool(changes) != bool([t for t in axis.texts if t.get_label() == "nothing"])


@pytest.mark.parametrize("name", NAMES)
def test_applicants_read_back(comparisons, name):
    found = comparisons[name]
    axis = comparison_plot(found).axes[1]
    some = sorted(found.applicants, key=lambda a: -abs(a.points))[:MOST]
    for label in ("old", "new"):
        sides = [getattr(a, label) for a in some]
        assert [float(d.get_xdata()[0]) for d in labelled(axis, label)] == [s.p_ranked for s in sides]
        ranges = [tuple(d.get_xdata()) for d in labelled(axis, label + " range")]
        assert ranges == [(s.p_ranked_low, s.p_ranked_high) for s in sides]
    assert [d.get_marker() for d in labelled(axis, "new")] == [
        "X" if found.too_many(a.points) else "o" for a in some
    ]
    written = [t.get_text() for t in axis.texts if t.get_label() == "direct"]
    assert written == [minus(signed(a.points)) for a in some]
    half = found.thresholds.points / 100
    zones = [(z.get_x(), z.get_width()) for z in labelled(axis, "threshold")]
    assert zones == [(a.old.p_ranked - half, 2 * half) for a in some]


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_apart_and_on_the_page(comparisons, name):
    figure = comparison_plot(comparisons[name])
    texts = shown_texts(figure)
    boxes = [t.get_window_extent() for t in texts]
    for text, box in zip(texts, boxes, strict=True):
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
        assert inside, text.get_text()
    for k, a in enumerate(boxes):
        for j, b in enumerate(boxes[:k]):
            across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            assert across < 0.5 or up < 2.5, (texts[k].get_text(), texts[j].get_text(), across, up)


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_bytes_again(comparisons, kind):
    one, other = (picture_bytes(comparison_plot(comparisons["wild"]), kind) for _ in range(2))
    assert one == other
