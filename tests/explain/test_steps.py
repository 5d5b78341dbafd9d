import numpy as np
import pytest
from scipy.special import expit

from matchmodel.explain import reconstruction, slopes, us_img


def test_the_rebuilt_cohorts_have_the_printed_moments(tidy):
    found = reconstruction.rebuilt(tidy)
    assert np.allclose(found["mean_after"], found["printed_mean"], atol=1e-3) and np.allclose(found["sd_after"], found["printed_sd"], atol=1e-3)
    assert (abs(found["mean_before"] - found["printed_mean"]) > 0.5).all(), "the tilt would have nothing to do"
    assert all(np.allclose(q, 0.25, atol=0.01) for q in found["quarters"])
    assert list(reconstruction.printed(tidy).iloc[0]) == ["matched", "2,649", "209", "240", "251", "259", "284", "249", "14"]


def test_the_tilt_makes_the_tails_equal(tidy, figures):
    """From quartiles alone the tails matter a lot, tilted to mean and SD hardly; checked against a fit of one's own."""
    found = reconstruction.tail_slopes(tidy)
    assert set(found["tail"]) == {"segment", "iqr", "extreme"}
    assert np.ptp(found["quartiles"]) > 0.1 and np.ptp(found["tilted"]) < 0.01
    said = figures(reconstruction.tail_sentence(tidy))
    assert said == pytest.approx([found["quartiles"].min(), found["quartiles"].max(), found["tilted"].min(), found["tilted"].max(), np.ptp(found["tilted"]), np.ptp(found["quartiles"])], abs=0.0051)


def test_the_slope_is_the_root_of_the_score_equations(tidy, fit):
    """A logistic slope solves sum w (y - p)(1, u) = 0: solved here by Newton's method, without the package's regression."""
    cell = reconstruction.cell_of(tidy)
    cohorts = cell.cohorts("iqr")
    (v1, w1), (v0, w0) = cohorts["matched"], cohorts["not_matched"]
    v, w, y = np.concatenate([v1, v0]), np.concatenate([w1, w0]), np.repeat([1.0, 0.0], [len(v1), len(v0)])
    x, theta = np.column_stack([np.ones(len(v)), (v - 240) / 10]), np.zeros(2)
    for _ in range(30):
        p = expit(x @ theta)
        theta += np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x, x.T @ (w * (y - p)))
    found = reconstruction.tail_slopes(tidy).set_index("tail").loc["iqr", "tilted"]
    assert found == pytest.approx(theta[1], abs=1e-8)
    assert f"{theta[1]:+.3f} log odds" in reconstruction.slope_sentence(fit)


def test_slopes_are_shrunk_by_their_precision(fit, figures):
    found = slopes.slopes(fit)
    own = found.dropna(subset="own")
    keep = fit.slopes.spread**2 / (fit.slopes.spread**2 + own["se"] ** 2)
    assert np.allclose(own["kept"], keep) and np.allclose(own["used"], keep * own["own"] + (1 - keep) * fit.slopes.mean)
    assert np.allclose(own["se"] ** 2, own["sampling"] ** 2 + own["rounding"] ** 2 + own["tails"] ** 2)
    none = found[found["own"].isna()]
    assert len(none) == 7 and np.allclose(none["used"], fit.slopes.mean) and (none["kept"] == 0).all()
    assert figures(slopes.slopes_sentence(fit))[:3] == pytest.approx([fit.slopes.mean, fit.slopes.mean_se, fit.slopes.spread], abs=5e-4)
    assert "7 of 24 have no estimate of their own" in slopes.slopes_sentence(fit)


def test_family_medicine_is_flat(tidy, fit):
    row = slopes.slopes(fit).set_index("specialty").loc["Family Medicine"]
    assert row["low"] < 0 < row["high"] and row["own"] + 1.96 * row["se"] < fit.slopes.mean
    assert "median of 230" in slopes.flat_sentence(tidy, fit) and "one of 231" in slopes.flat_sentence(tidy, fit)


def test_averages_return_the_rates(fit):
    found = slopes.levels(fit)
    large = found[found["applicants"] >= 100]
    assert list(large["whole"].unique()) == [True] and len(large) == found["whole"].sum()
    assert abs(large["averaged"] - large["published"]).max() < 1e-9
    assert abs(found["averaged"] - found["used"]).max() < 1e-9
    assert "to six decimals" in slopes.levels_sentence(fit) and len(slopes.small_table(fit)) == len(found) - len(large)


def test_a_spoilt_level_is_told(fit):
    from dataclasses import replace

    assert "to six decimals" not in slopes.levels_sentence(replace(fit, alpha=fit.alpha + 0.01))


def test_odds_ratios_of_us_imgs(tidy, trained, fit):
    row = tidy.table("ranked_anywhere").set_index("specialty").loc["Internal Medicine"]
    a, c = row["us_img_matched"], row["non_us_img_matched"]
    odds = (a / (row["us_img_ranked"] - a)) / (c / (row["non_us_img_ranked"] - c))
    found = us_img.ratios(trained.derived, fit).set_index("specialty")
    assert found.loc["Internal Medicine", "own"] == pytest.approx(np.log(odds))
    assert us_img.ratios_table(trained.derived, fit).iloc[0, 1].startswith(f"{odds:.2f} ")
    said = us_img.ratios_sentence(trained.derived, fit)
    above, below = said.split("above zero: ")[1].split(". Below: ")
    assert all(s in above for s in ("Internal Medicine", "Family Medicine", "Emergency Medicine", "Pediatrics", "General Surgery"))
    assert not any(s in above for s in ("Neurology", "Psychiatry")) and "Anesthesiology" in below
    assert (found.loc[found["z"] > 2].index.isin(above.replace(" and ", ", ").split(", "))).all()


def test_what_us_imgs_rest_on(model):
    found = us_img.assumptions(model).set_index("what")
    assert found.loc["slope of Step 2 CK", "basis"] == found.loc["spread of USCE", "basis"] == "assumed"
    assert found.loc["level", "basis"] == "evidence"


def test_pictures_have_every_specialty(tidy, fit):
    axis = slopes.slopes_figure(fit).axes[0]
    assert len(axis.get_yticklabels()) == len(fit.specialties)
    assert len(reconstruction.quantile_figure(tidy).axes) == 2
