"""US IMGs: the non-US fit moved by odds ratios and a score shift, checked by applying the odds ratios by hand."""

import numpy as np
import pytest
from scipy.special import expit, logit

from matchmodel.covariates import step2_u
from matchmodel.fit.train import train
from matchmodel.fit.us_img import comparable

from .made import three_specialties, tidy
from .test_odds_ratio import invited, ranked


def test_the_odds_are_the_non_us_odds_times_the_ratio(trained):
    us, non_us, derived = trained.fits["us-img"], trained.fits["non-us-img"], trained.derived
    odds = expit(us.level) / (1 - expit(us.level))
    np.testing.assert_allclose(odds / np.exp(non_us.level), np.exp(derived.theta))
    np.testing.assert_array_equal(us.beta, non_us.beta)


def test_large_ratios_are_kept_and_vague_ones_are_shrunk(trained):
    derived, names = trained.derived, trained.fits["us-img"].specialties
    j, k = names.index("Internal Medicine"), names.index("Otolaryngology")
    assert derived.theta[j] == pytest.approx(derived.ratios.values[j], abs=0.01)
    assert abs(derived.theta[k] - derived.ratios.mean) < 0.3 * abs(derived.ratios.values[k] - derived.ratios.mean)
    unknown = np.isnan(derived.ratios.values)
    assert unknown.any()
    np.testing.assert_allclose(derived.theta[unknown], derived.ratios.mean)


def test_the_shifted_population_gives_the_us_rate(trained):
    us, non_us, derived = trained.fits["us-img"], trained.fits["non-us-img"], trained.derived
    assert (derived.shift, derived.shift_known) == (-11, True)
    for j, (values, weights) in enumerate(us.populations):
        np.testing.assert_allclose(values, non_us.populations[j][0] - 11)
        assert weights @ expit(us.alpha[j] + us.beta[j] * step2_u(values)) == pytest.approx(expit(us.level[j]), abs=1e-12)
    np.testing.assert_allclose(us.score_mean, non_us.score_mean - 1.1)


def test_at_one_score_a_us_img_is_ahead_by_the_ratio_and_by_the_shift(trained):
    """alpha rises by theta and by beta times 1.1 tens, nearly (exactly at a single score)."""
    us, non_us, derived = trained.fits["us-img"], trained.fits["non-us-img"], trained.derived
    np.testing.assert_allclose(us.alpha - non_us.alpha, derived.theta + 1.1 * us.beta, atol=0.06)


def test_the_shifts_doubt_is_in_the_draws(trained):
    us, non_us, derived = trained.fits["us-img"], trained.fits["non-us-img"], trained.derived
    j = us.specialties.index("Internal Medicine")
    gain = us.alpha_draws[:, j] - non_us.alpha_draws[:, j]
    expected = np.hypot(derived.theta_se[j], us.beta[j] * derived.shift_se / 10)
    assert gain.std() == pytest.approx(expected, rel=0.15)
    assert us.alpha_draws[:, j].std() > 2 * non_us.alpha_draws[:, j].std()


def test_draws_are_centred_on_the_point(trained):
    us = trained.fits["us-img"]
    np.testing.assert_allclose(us.level_draws.mean(axis=0), us.level, atol=1e-10)
    off = us.alpha_draws.mean(axis=0) - us.alpha
    assert np.abs(off / us.alpha_draws.std(axis=0)).max() < 0.05  # a shift in the wrong direction would move them by 2 * 1.1 * beta


RANKED = [ranked("Internal Medicine", 2099, 1145, 7630, 3573), ranked("Family Medicine", 1277, 626, 2123, 801)]


def test_without_a_table_of_scores_there_is_no_shift_and_it_is_called_unknown():
    trained = train(tidy(**three_specialties(), ranked_anywhere=RANKED))
    assert (trained.derived.shift, trained.derived.shift_se, trained.derived.shift_known) == (0.0, 0.0, False)
    us, non_us = trained.fits["us-img"], trained.fits["non-us-img"]
    np.testing.assert_allclose(us.score_mean, non_us.score_mean)


def test_a_type_with_its_own_tables_is_not_derived():
    made = three_specialties()
    for kind in ("us-img",):
        own = three_specialties(applicant_type=kind)
        made = {name: rows + own[name] for name, rows in made.items()}
    trained = train(tidy(**made, ranked_anywhere=RANKED))
    assert trained.derived is None
    np.testing.assert_allclose(expit(trained.fits["us-img"].level[2]), 0.5)


def test_the_shift_does_not_move_the_average():
    rows = [invited("us-img", 0.5, 242), invited("non-us-img", 0.5, 252)]
    trained = train(tidy(**three_specialties(), ranked_anywhere=RANKED, invited_step2=rows))
    assert trained.derived.shift == -10 and trained.derived.shift_se == pytest.approx(5)
    us = trained.fits["us-img"]
    j = us.specialties.index("Internal Medicine")
    ratio = np.log(1145 / 954) - np.log(3573 / 4057)
    assert us.level[j] == pytest.approx(logit(0.5) + ratio, abs=1e-9)  # two ratios: nothing is shrunk


# rows -> whether they compare the groups anywhere
COMPARABLE = {
    "one specialty": (RANKED[:1], True),
    "another specialty": ([ranked("Psychiatry", 329, 153, 409, 190)], False),
    "one group did not rank it": ([ranked("Internal Medicine", 329, 153, 0, 0)], False),
    "suppressed": ([ranked("Internal Medicine", 329, None, 300, 100)], False),
    "only in an older year": ([ranked("Internal Medicine", 329, 153, 409, 190, year=2020), ranked("Psychiatry", 9, 3, 9, 3)], False),
    "nothing": ([], False),
}


@pytest.mark.parametrize("name", COMPARABLE)
def test_us_imgs_are_derived_only_where_a_table_compares(name):
    rows, expected = COMPARABLE[name]
    made = tidy(**three_specialties(), ranked_anywhere=rows)
    assert comparable(made.table("ranked_anywhere"), ["Internal Medicine", "Family Medicine"]) is expected
    assert ("us-img" in train(made).fits) is expected
