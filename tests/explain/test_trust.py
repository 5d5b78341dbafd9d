"""The evaluation is made here where that is cheap; worlds and other choices, which are not, are made-up rows that say so."""

import pytest

from matchmodel.errors import RefusedInput
from matchmodel.evaluate import collect
from matchmodel.evaluate.results import plain, read_evaluation
from matchmodel.evaluate.sensitivity import AS_SHIPPED
from matchmodel.explain import robustness, trust

from .conftest import ROOT

MADE_UP_WORLDS = {  # setting, promised, slope, coverage
    "made up, as taken": (True, 1.01, 0.81),
    "made up, too narrow": (True, 1.00, 0.70),
    "made up, broken": (False, 0.80, 0.95),
    "made up, tilted": (False, 0.75, 0.85),
}


def made_up_worlds():
    summary, rows = [], []
    for setting, (promised, slope, coverage) in MADE_UP_WORLDS.items():
        summary.append({"setting": setting, "promised": promised, "worlds": 2, "slope": slope, "slope_se": 0.01, "coverage": coverage, "coverage_se": 0.01, "mean_error": 0.03, "naive_error": 0.06})
        rows += [{"setting": setting, "world": k, "slope": slope + 0.01 * k, "coverage": coverage, "mean_error": 0.03} for k in (-1, 1)]
    return {"rows": rows, "summary": summary, "by_effect_spread": [{"effects": e, "slope": 1.0, "coverage": c, "mean_error": 0.03} for e, c in (("alike", 0.8), ("unlike", 0.7))]}


def made_up_sensitivity():
    rows = []
    for change, kind, moves in ((AS_SHIPPED, "choice", (0.0, 0.0)), ("a", "choice", (0.004, -0.002)), ("b", "choice", (-0.031, 0.02)), ("without c", "source", (0.0, 0.05)), ("without d", "source", (None, None))):
        for name, moved in zip(("one", "two"), moves, strict=True):
            p = None if moved is None else 0.5 + moved
            rows.append({"change": change, "kind": kind, "applicant": name, "p_ranked": p, "low": None if p is None else p - 0.1, "high": None if p is None else p + 0.1, "base": 0.5, "moved": moved})
    return {"rows": rows}


@pytest.fixture(scope="module")
def evaluation(everything, tidy, trained, chain, model):
    made = {
        "model": {"name": model.name, "newest_table": model.newest_table},
        "held_out": collect.held_out(everything), "rank_shape": collect.ranks_held_out(everything.select(role="validation")),
        "population_average": collect.population_average(trained, model, ["non-us-img"]), "left_out": collect.specialties_left_out(trained, "non-us-img"),
        "years": collect.years(tidy.table("rates"), ["non-us-img", "us-img"]), "widths": collect.answer_widths(model), "chain": collect.applications(trained, chain),
        "worlds": made_up_worlds(), "sensitivity": made_up_sensitivity(),
    }
    return plain(made)


def test_a_missing_part_is_named():
    with pytest.raises(RefusedInput, match="no part 'worlds'; it has model; make it again with: matchmodel evaluate"):
        trust.frame({"model": {}}, "worlds")


def test_the_live_check_agrees_and_a_stale_one_is_refused(everything, evaluation):
    assert trust.held_out_again(everything, evaluation) == "Trained on that report's summaries again, here: all 12 figures compared are those of the stored evaluation."
    stale = {**evaluation, "held_out": {**evaluation["held_out"], "rows": [{**r, "slope": r["slope"] + 0.001} for r in evaluation["held_out"]["rows"]]}}
    with pytest.raises(RefusedInput, match="slope of independent is .* older than the tables or the program"):
        trust.held_out_again(everything, stale)


def test_the_calibration_of_the_2007_bins(evaluation):
    rows = trust.frame(evaluation, "held_out").set_index("applicant_type")
    assert (abs(rows.loc[["independent", "us-senior"], "slope"] - 1) < 2 * rows.loc[["independent", "us-senior"], "slope_se"]).all()
    said = trust.calibration_sentence(evaluation)
    assert f"independent applicants {rows.loc['independent', 'slope']:.2f}" in said and "together" not in said
    assert f"{rows.loc['us-senior', 'mean_error'] / rows.loc['us-senior', 'floor']:.2f} times" in said
    assert len(trust.calibration_table(evaluation)) == len(rows)
    assert len([a for a in trust.reliability_figure(evaluation).axes if a.get_title() or a.texts]) >= 2


def test_proper_scores_lie_between_the_base_rate_and_the_bins_own_shares(evaluation):
    rows = trust.frame(evaluation, "held_out")
    for name in ("log_loss", "brier"):
        assert (rows[f"{name}_saturated"] < rows[name]).all() and (rows[name] < rows[f"{name}_base"]).all()
    assert len(trust.scores_table(evaluation)) == len(rows)


def test_ranks_fail_for_us_seniors_and_hold_for_independent_applicants(evaluation):
    rows = trust.frame(evaluation, "rank_shape").set_index("applicant_type")
    assert abs(rows.loc["independent", "slope"] - 1) < 2 * rows.loc["independent", "slope_se"]
    assert rows.loc["us-senior", "slope"] < 0.8
    said = trust.ranks_sentence(evaluation)
    assert "at 16 or more ranks" in said and "at 1 rank." in said
    assert trust.ranks_table(evaluation)["ranks"].iloc[0] == "1"


def test_averages_and_left_out(evaluation):
    rows = trust.frame(evaluation, "population_average")
    large = rows[rows["applicants"] >= 100]
    gap = abs(large["averaged"] - large["published"]).max()
    assert gap < 0.002 and f"{len(large)} large cells to within {100 * gap:.2f} points" in trust.average_sentence(evaluation)
    found = trust.frame(evaluation, "left_out")
    slopes = found[found["what"] == "slope"]
    assert set(slopes[~slopes["inside"].astype(bool)]["specialty"]) == {"Family Medicine"}
    assert f"{int(slopes['inside'].sum())} of {len(slopes)} inside, outside Family Medicine" in trust.left_out_sentence(evaluation)
    assert len(trust.left_out_table(evaluation)) == 3 and len(trust.left_out_figure(evaluation).axes) == 2
    low, high = trust.left_out_figure(evaluation).axes[1].get_xlim()
    assert -0.2 < low and high < 1.2, "errors of rates are drawn as shares, not as log odds"


def test_years(evaluation):
    rows = trust.frame(evaluation, "years")
    for kind, name in (("non-us-img", "non-US IMGs"), ("us-img", "US IMGs")):
        mine = rows[rows["applicant_type"] == kind]
        assert f"{name} {int(mine['inside'].sum())} of {len(mine)}" in robustness.years_sentence(evaluation)
        assert ((mine["low"] <= mine["rate"]) & (mine["rate"] <= mine["high"]) == mine["inside"].astype(bool)).all()
    spoiled = {**evaluation, "years": {**evaluation["years"], "coverage": [{**r, "holds_80": False} for r in evaluation["years"]["coverage"][:1]]}}
    assert "A coverage of 80% is ruled out" in robustness.years_sentence(spoiled)
    assert len(robustness.years_figure(evaluation).axes) == 2 and len(robustness.years_table(evaluation)) > 4


def test_goals_of_the_worlds(evaluation):
    found = robustness.within(evaluation).set_index("setting")
    assert list(found["slope_inside"]) == [True, True] and list(found["coverage_inside"]) == [True, False]
    said = robustness.worlds_sentence(evaluation)
    assert "0.95 to 1.05" in said and "76 to 84%" in said and "1 of them meet both" in said
    assert "furthest from 1 with made up, tilted (0.75, coverage 85%)" in said and "furthest from 80% with made up, broken (95%, slope 0.80)" in said
    assert len(robustness.worlds_table(evaluation)) == len(MADE_UP_WORLDS) and len(robustness.spread_table(evaluation)) == 2
    assert "80% where they are alike; 70% where they are unlike, outside the goal for the mean." in robustness.spread_sentence(evaluation)
    assert len(robustness.worlds_figure(evaluation).axes) == 3


def test_widths(evaluation, model):
    found = robustness.widths(evaluation)
    for name, parts in found.items():
        assert max(v for k, v in parts.items() if k != "everything") <= parts["everything"] * 1.05
        assert f"{name} {parts['everything']:.0f} points" in robustness.widths_sentence(evaluation)
    assert "_" not in robustness.widths_sentence(evaluation)
    assert robustness.widths_figure(evaluation).axes


def test_moves(evaluation):
    said = robustness.sensitivity_sentence(evaluation, "choice")
    assert said == "Of 2 other choices the largest move is -3.1 points (one: b); 1 move no answer by as much as a point."
    said = robustness.sensitivity_sentence(evaluation, "source")
    assert said.startswith("Of 2 sources left out in turn the largest move is +5.0 points (two: without c); 0 move") and said.endswith("No answer at all is possible without d.")
    assert all(robustness.sensitivity_figure(evaluation, kind).axes for kind in ("choice", "source"))


def test_the_chain_and_the_model_are_named(evaluation, model):
    assert len(robustness.chain_table(evaluation)) >= 7
    assert robustness.made_of(evaluation, model) == f"Evaluation of {model.name} (newest table {model.newest_table})."
    other = {**evaluation, "model": {"name": "another", "newest_table": 2020}}
    assert "another one" in robustness.made_of(other, model)


def test_the_stored_evaluation_can_be_shown(everything):
    """The file that the notebook reads."""
    path = ROOT / "reports" / "evaluation.json"
    if not path.exists():
        pytest.skip("no evaluation has been made")
    stored = read_evaluation(path)
    for sentence in (trust.calibration_sentence, trust.ranks_sentence, trust.average_sentence, trust.left_out_sentence, robustness.years_sentence, robustness.worlds_sentence, robustness.widths_sentence):
        assert sentence(stored).endswith(".")
    assert trust.held_out_again(everything, stored).startswith("Trained on that report's summaries again")
