"""US IMGs: the non-US fit moved by odds ratios, the yearly rates and a score shift, checked by applying them
by hand.
"""

import numpy as np
import pytest
from scipy.special import expit, logit
from statsmodels.stats.contingency_tables import StratifiedTable, Table2x2

from matchmodel.covariates import step2_u
from matchmodel.fit.tables_used import tables_used
from matchmodel.fit.train import train
from matchmodel.fit.us_img import comparable, ratio_moved, us_log_odds_ratios

from .made import three_specialties, tidy

COLUMNS = ("us_img_ranked", "us_img_matched", "non_us_img_ranked", "non_us_img_matched")


def ranked(specialty, *numbers, **more):
    """Return a row of the ranked-anywhere table: US ranked and matched, non-US ranked and matched."""
    return {"specialty": specialty, **dict(zip(COLUMNS, numbers, strict=True)), **more}


def rate(kind, year, match_rate, n):
    return {"applicant_type": kind, "year": year, "match_rate": match_rate, "active_applicants": n}


def test_the_yearly_rates_say_that_the_ratio_rose_by_a_sixth(real):
    """Worked by hand from the printed percentages of 2025 and 2026, US and non-US IMGs."""
    rates = real.table("rates").set_index(["applicant_type", "year"])["match_rate"]
    by_hand = (
        logit(rates["us-img", 2026])
        - logit(rates["us-img", 2025])
        - logit(rates["non-us-img", 2026])
        + logit(rates["non-us-img", 2025])
    )
    moved, se = ratio_moved(real.table("rates"), 2025, 2026)
    assert moved == pytest.approx(by_hand) == pytest.approx(0.17, abs=0.005)
    assert se == pytest.approx(0.053, abs=0.002)


def test_the_moves_standard_error_is_that_of_repeated_samples():
    p, n = np.array([0.6, 0.5, 0.55, 0.52]), np.array([4000, 11000, 4200, 10500])
    kinds, years = ("us-img", "non-us-img", "us-img", "non-us-img"), (2025, 2025, 2026, 2026)
    rows = [rate(*row) for row in zip(kinds, years, p, n, strict=True)]
    moved, se = ratio_moved(tidy(rates=rows).table("rates"), 2025, 2026)
    seen = logit(np.random.default_rng(0).binomial(n, p, (20000, 4)) / n) @ [-1, 1, 1, -1]
    assert (moved, se) == (pytest.approx(seen.mean(), abs=0.002), pytest.approx(seen.std(), rel=0.03))


@pytest.mark.parametrize("gone", [0, 1, 2, 3])
def test_a_year_without_rates_moves_nothing(gone):
    rows = [rate(k, y, 0.5, 4000) for k in ("us-img", "non-us-img") for y in (2025, 2026)]
    del rows[gone]
    assert ratio_moved(tidy(rates=rows).table("rates"), 2025, 2026) == (0.0, 0.0)


def test_ratios_and_errors_are_those_of_two_by_two_tables(real):
    """statsmodels' Table2x2 on every specialty of 2025 without an empty cell."""
    table = real.table("ranked_anywhere")
    table = table[table["year"] == table["year"].max()]
    names = tuple(table["specialty"])
    found = us_log_odds_ratios(table, names, None)
    checked = 0
    for j, row in enumerate(table.itertuples()):
        a, c = row.us_img_matched, row.non_us_img_matched
        cells = np.array([[a, row.us_img_ranked - a], [c, row.non_us_img_ranked - c]])
        if np.isfinite(cells).all() and (cells > 0).all():
            by = Table2x2(cells, shift_zeros=False)
            assert (found.values[j], found.ses[j]) == (
                pytest.approx(by.log_oddsratio),
                pytest.approx(by.log_oddsratio_se),
            ), row.specialty
            checked += 1
    assert checked >= 10


def test_without_spread_the_pooled_ratio_is_mantel_and_haenszels():
    """Large tables with one common odds ratio: inverse-variance pooling and Mantel-Haenszel agree."""
    rng = np.random.default_rng(1)
    rows, tables = [], []
    for j, base in enumerate((-0.8, 0.0, 0.6, 0.3, -0.2)):
        us, non = rng.binomial(9000, expit(base + 0.4)), rng.binomial(9000, expit(base))
        rows.append(ranked(f"S{j}", 9000, us, 9000, non))
        tables.append(np.array([[us, 9000 - us], [non, 9000 - non]]))
    found = us_log_odds_ratios(
        tidy(ranked_anywhere=rows).table("ranked_anywhere"), tuple(r["specialty"] for r in rows), None
    )
    assert found.mean == pytest.approx(StratifiedTable(tables).logodds_pooled, abs=0.01)
    assert found.mean == pytest.approx(0.4, abs=0.04)


def test_a_table_with_an_empty_cell_takes_a_half_in_all_four_and_no_table_has_no_ratio():
    rows = [ranked("A", 10, 0, 30, 9), ranked("B", 0, 0, 30, 9), ranked("C", 10, None, 30, 9)]
    found = us_log_odds_ratios(
        tidy(ranked_anywhere=rows).table("ranked_anywhere"), ("A", "B", "C", "D"), None
    )
    assert found.values[0] == pytest.approx(np.log(0.5 / 10.5) - np.log(9.5 / 21.5))
    assert found.ses[0] == pytest.approx(np.sqrt(1 / 0.5 + 1 / 10.5 + 1 / 9.5 + 1 / 21.5))
    assert found.known.tolist() == [True, False, False, False]


def test_the_odds_are_the_non_us_odds_times_the_ratio(trained):
    us, non_us, derived = trained.fits["us-img"], trained.fits["non-us-img"], trained.derived
    np.testing.assert_allclose(us.level, non_us.level + derived.theta)
    np.testing.assert_allclose(derived.theta, derived.ratios.shrunk() + derived.moved)
    np.testing.assert_array_equal(us.beta, non_us.beta)
    np.testing.assert_array_equal(us.beta_draws, non_us.beta_draws)


def test_the_competition_takes_away_some_of_the_spread_of_the_ratios(trained):
    """US IMGs are ahead by more where positions are plenty: the line is 1.8 (SE 0.5)."""
    ratios = trained.derived.ratios
    assert ratios.design.shape[1] == 2
    assert ratios.coefficients[1] > 2 * np.sqrt(ratios.covariance[1, 1])


def test_large_ratios_are_kept_and_vague_ones_are_shrunk(trained):
    derived, names = trained.derived, trained.fits["us-img"].specialties
    j, k = names.index("Internal Medicine"), names.index("Otolaryngology")
    own, line = derived.ratios.values, derived.ratios.fitted
    assert derived.theta[j] - derived.moved == pytest.approx(own[j], abs=0.01)
    assert abs(derived.theta[k] - derived.moved - line[k]) < 0.3 * abs(own[k] - line[k])
    unknown = np.isnan(own)
    assert unknown.any()
    np.testing.assert_allclose((derived.theta - derived.moved)[unknown], line[unknown])


def test_the_shifted_population_gives_the_us_rate(trained):
    us, non_us = trained.fits["us-img"], trained.fits["non-us-img"]
    for j, (values, weights) in enumerate(us.populations):
        np.testing.assert_allclose(values, non_us.populations[j][0] - 8)
        assert weights @ expit(us.alpha[j] + us.beta[j] * step2_u(values)) == pytest.approx(
            expit(us.level[j]), abs=1e-12
        )
    np.testing.assert_allclose(us.score_mean, non_us.score_mean - 0.8)


def test_in_every_draw_the_population_shifted_by_that_draws_points_gives_its_level(trained):
    us, non_us = trained.fits["us-img"], trained.fits["non-us-img"]
    shift = -8 + 3 * trained.normals.one("score shift")
    j = us.specialties.index("Family Medicine")
    values, weights = non_us.populations[j]
    log_odds = us.alpha_draws[:, j, None] + us.beta_draws[:, j, None] * step2_u(values + shift[:, None])
    np.testing.assert_allclose(expit(log_odds) @ weights, expit(us.level_draws[:, j]), atol=1e-9)


def test_the_errors_of_ratio_move_and_scores_are_in_the_draws(trained):
    us, non_us, derived = trained.fits["us-img"], trained.fits["non-us-img"], trained.derived
    np.testing.assert_allclose(us.level_draws.mean(axis=0), us.level, atol=1e-9)
    theta = (us.level_draws - non_us.level_draws).std(axis=0, ddof=1)
    np.testing.assert_allclose(theta, derived.theta_se)
    j = us.specialties.index("Internal Medicine")
    own = derived.ratios.ses[j]
    assert theta[j] == pytest.approx(np.hypot(own, derived.moved_se), rel=0.08)
    gain = us.alpha_draws[:, j] - non_us.alpha_draws[:, j]
    assert gain.std() == pytest.approx(np.hypot(theta[j], us.beta[j] * 0.3), rel=0.1)


RANKED = [
    ranked("Internal Medicine", 2099, 1145, 7630, 3573),
    ranked("Family Medicine", 1277, 626, 2123, 801),
]


def test_a_type_with_its_own_tables_is_not_derived():
    made, own = three_specialties(), three_specialties(applicant_type="us-img")
    made = {name: rows + own[name] for name, rows in made.items()}
    trained = train(tidy(**made, ranked_anywhere=RANKED), draws=20)
    assert trained.derived is None
    assert trained.fits["us-img"].levels.values[2] == pytest.approx(0.0)  # 500 of 1,000


# rows -> whether they compare the groups anywhere
COMPARABLE = {
    "one specialty": (RANKED[:1], True),
    "another specialty": ([ranked("Psychiatry", 329, 153, 409, 190)], False),
    "one group did not rank it": ([ranked("Internal Medicine", 329, 153, 0, 0)], False),
    "suppressed": ([ranked("Internal Medicine", 329, None, 300, 100)], False),
    "only in an older year": (
        [ranked("Internal Medicine", 329, 153, 409, 190, year=2020), ranked("Psychiatry", 9, 3, 9, 3)],
        False,
    ),
    "nothing": ([], False),
}


@pytest.mark.parametrize("name", COMPARABLE)
def test_us_imgs_are_derived_only_where_a_table_compares(name):
    rows, expected = COMPARABLE[name]
    made = tidy(**three_specialties(), ranked_anywhere=rows)
    assert comparable(made.table("ranked_anywhere"), ("Internal Medicine", "Family Medicine")) is expected
    assert ("us-img" in train(made, draws=20).fits) is expected


def test_counts_of_their_own_without_scores_give_their_level():
    """Twice the odds in internal medicine, of the same year; then they are no longer among the unused."""
    made = three_specialties()
    own = [
        {**row, "applicant_type": "us-img", "matched": m, "not_matched": u, "source_id": "own"}
        for row, (m, u) in zip(made["counts"], ((6000, 3000), (4200, 3000), (8, 20)), strict=True)
    ]
    trained = train(tidy(**{**made, "counts": made["counts"] + own}), draws=20)
    us, other = trained.fits["us-img"], trained.fits["non-us-img"]
    j = us.specialties.index("Internal Medicine")
    assert us.level[j] - other.level[j] == pytest.approx(np.log(2), abs=0.1)
    assert not any(one.what == "counts of us-img" for one in trained.unused)
    lines = list(tables_used(trained))
    assert "own, counts us-img: used for the level, beside non-US IMGs of that year" in lines
    assert "made, quartiles non-us-img step2_ck: used for the slope of Step 2 CK" in lines


def test_counts_of_another_year_are_not_used_and_it_is_said():
    made = three_specialties()
    own = [{**row, "applicant_type": "us-img", "year": 2020, "source_id": "own"} for row in made["counts"]]
    trained = train(tidy(**{**made, "counts": made["counts"] + own}), draws=20)
    assert "us-img" not in trained.fits
    (line,) = [line for line in tables_used(trained) if line.startswith("own, counts us-img: not used: ")]
    assert len(line) > 40
