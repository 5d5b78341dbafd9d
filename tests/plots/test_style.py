"""The look: labels moved no more than they must, colours that can be told apart, files whose bytes repeat."""

import os
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from scipy.optimize import minimize

from matchmodel.errors import MatchModelError, RefusedInput
from matchmodel.plots import style

# Machado, Oliveira and Fernandes, IEEE Trans Vis Comput Graph 15:1291 (2009), severity 1, on linear RGB
VISIONS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)  # sRGB, D65


def lab(colour, vision):
    """Return CIE L*a*b* of a colour as a kind of vision has it."""
    c = np.array(to_rgb(colour))
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(VISIONS[vision] @ linear, 0, 1) / (TO_XYZ @ np.ones(3))
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


TOGETHER = {
    "curves": style.SERIES,
    "rates": (style.PALE, style.INK, style.VERMILLION),
    "scores": (style.PALE, style.BLUE, style.ORANGE),
    "grades": (style.INK, style.BLUE, style.VERMILLION, style.ORANGE),
}


def test_the_matrices_keep_grey_grey():
    for name, matrix in VISIONS.items():
        assert matrix @ np.ones(3) == pytest.approx(np.ones(3), abs=2e-6), name


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", TOGETHER)
def test_colours_used_together_can_be_told_apart(name, vision):
    seen = [lab(c, vision) for c in TOGETHER[name]]
    assert (
        min(np.linalg.norm(a - b) for k, a in enumerate(seen) for b in seen[:k]) > 17
    )  # a just noticeable difference is about 2.3


@pytest.mark.parametrize("name", TOGETHER)
def test_colours_used_together_differ_in_lightness(name):
    light = sorted(lab(c, "usual")[0] for c in TOGETHER[name])
    assert min(np.diff(light)) > 6
    assert len(set(style.MARKERS)) == len(style.MARKERS) == len(style.SERIES)


def test_luminance_of_known_colours():
    assert style.luminance("white") == pytest.approx(1) and style.luminance("black") == 0
    assert style.luminance("#777777") == pytest.approx(0.1845, abs=1e-4)  # WCAG's contrast 4.48 on white


@pytest.mark.parametrize("colour", (*style.SERIES, style.SKY, style.GREY))
def test_words_are_dark_enough_to_read(colour):
    assert 1.05 / (style.luminance(style.legible(colour)) + 0.05) >= 4.5
    if style.luminance(colour) <= style.LEGIBLE:
        assert style.legible(colour) == colour.lower()


FORMATTED = {0.25: "25%", 0.0: "0%", 1.0: "100%", 0.125: "12.5%", -0.02: "\u22122%"}
POINTS = {1.0: "+1", -2.0: "\u22122", 0.0: "0", 0.04: "0", 1.25: "+1.2"}


@pytest.mark.parametrize("value", FORMATTED)
def test_percent(value):
    assert style.percent_tick(value) == FORMATTED[value]


@pytest.mark.parametrize("value", POINTS)
def test_points(value):
    assert style.points_tick(value) == POINTS[value]


@pytest.mark.parametrize("seed", range(6))
def test_labels_move_as_little_as_possible(seed):
    """Against a general solver of the same quadratic programme."""
    rng = np.random.default_rng(seed)
    wanted, gaps = rng.uniform(0, 1, 6), rng.uniform(0.05, 0.2, 6)
    found = style.spread(wanted, gaps, 0.02, 1.3)
    order = np.argsort(wanted)
    apart = (gaps[order][1:] + gaps[order][:-1]) / 2
    assert (np.diff(found[order]) >= apart - 1e-12).all()
    assert found.min() >= 0.02 - 1e-12 and found.max() <= 1.3 + 1e-12
    free = style.spread(wanted, gaps)
    start = np.cumsum(np.concatenate([[wanted.min()], apart]))
    best = minimize(
        lambda y: ((y - wanted[order]) ** 2).sum(),
        start,
        constraints=[{"type": "ineq", "fun": lambda y: np.diff(y) - apart}],
        options={"ftol": 1e-14},
    )
    assert free[order] == pytest.approx(best.x, abs=1e-5)


def test_labels_that_are_apart_stay():
    wanted = np.array([0.9, 0.1, 0.5])
    assert style.spread(wanted, 0.1) == pytest.approx(wanted)
    assert len(style.spread([], 0.1)) == 0


def test_text_is_wrapped_to_a_width():
    text = "Neurology and child neurology, as far as the tables print them"
    wrapped = style.wrap(text, 1.5)
    assert wrapped.replace("\n", " ") == text and "\n" in wrapped
    assert style.text_width(wrapped) <= 1.5
    assert style.wrap("Interventional", 0.1) == "Interventional"


def test_a_page_is_as_high_as_its_parts():
    short, _ = style.new_figure(2.0, title="x")
    long, axes = style.new_figure(2.0, 2, 3, title="x", caption="many words " * 60)
    assert axes.shape == (2, 3)
    assert long.get_size_inches()[1] > short.get_size_inches()[1]
    figure, axes = style.new_figure(2.0, 2, 2, left=1.0, right=0.5, between=(0.4, 0.3))
    assert [style.size_of(a) for a in axes.flat] == [pytest.approx(((style.WIDE - 1.9) / 2, 0.85))] * 4


def test_saved_whole_or_refused(tmp_path):
    figure, _ = style.new_figure(1.0, title="x")
    with pytest.raises(RefusedInput, match="neither .png nor .svg"):
        style.save(figure, tmp_path / "x.pdf")
    with pytest.raises(MatchModelError, match="x.png cannot be written: No such file or directory"):
        style.save(figure, tmp_path / "no folder" / "x.png")
    assert not list(tmp_path.iterdir())
    made = style.save(figure, tmp_path / "x.png").read_bytes()
    assert made == figure._repr_png_() and b"matplotlib" not in made.lower()
    assert b"dc:date" not in style.save(figure, tmp_path / "x.svg").read_bytes()


def test_no_pyplot():
    """Drawing must not choose a backend nor keep figures for whoever imports it."""
    code = """
import sys, matplotlib
def settings():
    # asking for the backend chooses it
    return {k: matplotlib.rcParams[k] for k in matplotlib.rcParams if k != "backend"}
before = settings()
import matchmodel.plots
figure, _ = matchmodel.plots.style.new_figure(1.0, title="x")
figure._repr_png_()
assert "matplotlib.pyplot" not in sys.modules
assert settings() == before and matplotlib.get_backend(auto_select=False) is None
"""
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={k: v for k, v in os.environ.items() if k != "MPLBACKEND"},
    )
