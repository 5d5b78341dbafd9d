import csv

import numpy as np
import pytest

from matchmodel.chain_math import none_invited
from matchmodel.explain import applications, invitations, ranks

from .conftest import ROOT


@pytest.fixture(scope="module")
def printed():
    """(rate, programs) of internal medicine, straight from the file, highest rate first."""
    folder = ROOT / "data" / "raw" / "program-invitations-2024"
    with open(folder / "invitations.csv", encoding="utf-8-sig") as file:
        rows = [{k.casefold().replace(" ", "_"): v for k, v in r.items()} for r in csv.DictReader(file)]
    mine = [r for r in rows if r["specialty"] == "Internal Medicine" and r["applicant_type"].casefold().replace(" ", "-") == "non-us-img"]
    return sorted(((float(r["invitation_rate"]), int(r["programs"])) for r in mine), reverse=True)


def test_programs_are_those_of_the_table(tidy, model, printed, figures):
    found = invitations.specialties(tidy, model).set_index("specialty").loc["Internal Medicine"]
    total = sum(n for _, n in printed)
    assert found["with_figures"] == total and found["printed_max"] == printed[0][0]
    assert found["none"] == pytest.approx(sum(n for r, n in printed if r == 0) / total)
    assert found["mean"] == pytest.approx(sum(r * n for r, n in printed) / total, rel=0.02)
    assert found["used_max"] < found["printed_max"]
    said = invitations.programs_sentence(tidy, model)
    assert f"{found['mean']:.4f} invitations" in said and f"friendliest tenth sends {found['tenth']:.0%}" in said


def test_the_friendliest_tenth(tidy, model):
    """Counted program by program."""
    chain = model.chain_cell("non-us-img", "Internal Medicine")
    fine = np.repeat(chain.rates, np.round(np.array(chain.programs) * 1000).astype(int))
    tenth = fine[: len(fine) // 10].sum() / fine.sum()
    assert invitations.specialties(tidy, model).set_index("specialty").loc["Internal Medicine", "tenth"] == pytest.approx(tenth, abs=1e-3)


def test_the_distribution_is_negative_binomial(model):
    applicant = applications.asked()
    found, mu, alpha = invitations.spread(model, applicant, 80), invitations.expected(model, applicant, 80), model.content["chain"]["dispersion"]["value"]
    assert found["p"].sum() == pytest.approx(1, abs=1e-6) and found["k"] @ found["p"] == pytest.approx(mu, rel=1e-5)
    assert (found["k"] - mu) ** 2 @ found["p"] == pytest.approx(mu + alpha * mu**2, rel=1e-4)
    assert found["p"][0] == pytest.approx(none_invited(mu, alpha)) and found["even"][0] == pytest.approx(np.exp(-mu))
    answer = model.odds(applicant._replace(applications=80)).chain
    assert answer.expected == pytest.approx(mu) and answer.p_any == pytest.approx(1 - found["p"][0])
    assert f"chance of {found['p'][0]:.0%}" in invitations.spread_sentence(model, applicant)


def test_factors_multiply(model):
    applicant = applications.asked()._replace(visa_needed=True, usce_months=2)
    found = invitations.factors(model, applicant)
    assert found["factor"].iloc[-1] == pytest.approx(found["factor"].iloc[:-1].prod())
    assert len(found) == 4 and invitations.factors_table(model, applicant)["what"].iloc[-1] == "together"
    nobody = invitations.average()
    assert invitations.factors(model, nobody)["factor"].iloc[-1] == 1


def test_the_rank_curve(model, figures):
    rank = model.chain_cell("non-us-img", "Internal Medicine").content["rank"]
    p = ranks.curve(model, "Internal Medicine", [1, 4])
    assert np.log(p / (1 - p)) == pytest.approx([rank["a"], rank["a"] + rank["b"]["value"] * np.log(4)])
    assert ranks.independent(0.2, 3) == pytest.approx(1 - 0.8**3)
    assert "Internal Medicine" in ranks.faster(model)
    above = [s for s in model.content["chain"]["types"]["non-us-img"]["specialties"] if ranks.curve(model, s, 5) > 1 - (1 - ranks.curve(model, s, 1)) ** 5]
    assert f"in {len(above)} of 22 specialties" in ranks.curve_sentence(model)
    assert f"{p[0]:.0%} at 1" in ranks.curve_sentence(model)


def test_rebuilt_shares_add_up_to_the_counts(tidy, fit):
    found = ranks.observed(tidy, fit, "Internal Medicine")
    j = fit.specialties.index("Internal Medicine")
    assert found["share"].iloc[0] < found["share"].iloc[4] and found["persons"].sum() <= fit.matched[j] + fit.not_matched[j]
    assert found["persons"].sum() > 0.98 * (fit.matched[j] + fit.not_matched[j])


def test_rebuilt_cohorts_have_the_printed_moments_and_the_worst_is_named(tidy):
    found = ranks.rebuilt(tidy)
    near = found[found["missed"] <= 0.02]
    assert (abs(near["mean"] - near["printed_mean"]) <= 0.02 * near["printed_mean"]).all() and len(near) > 30
    assert found["missed"].max() < 0.1 and {"Internal Medicine", "Family Medicine", "Emergency Medicine"} <= set(near["specialty"])
    told = ranks.rebuilt_sentence(tidy)
    assert told.startswith(f"In {len(near)} of {len(found)} cohorts") and found["specialty"].iloc[0] in told
    assert list(ranks.rebuilt_table(tidy)["specialty"]) == list(found["specialty"].head(5))


def test_the_usual_number_gives_back_the_published_mean_ranks(trained, chain):
    found = ranks.usual_check(trained, chain)
    reached = found[found["reached"]]
    assert len(reached) > 15 and abs(reached["chain"] - reached["solved_for"]).max() < 1e-6
    rest = found[~found["reached"]]
    assert (rest["chain"] < rest["solved_for"]).all()
    assert "to six decimals" in ranks.usual_sentence(trained, chain)
    printed = {}
    with open(ROOT / "data" / "raw" / "charting-outcomes-2026-non-us-img" / "contiguous_ranks.csv", encoding="utf-8-sig") as file:
        for r in csv.DictReader(file):
            printed[r["Specialty"], r["Cohort"]] = r["Mean"]
    fit = trained.fits["non-us-img"]
    for row in found.dropna(subset="printed").itertuples():
        j = fit.specialties.index(row.specialty)
        pair = [printed.get((row.specialty, c)) for c in ("Matched", "Not Matched")]
        if None not in pair:  # spelt alike in both tables
            assert row.printed == pytest.approx(np.average(np.array(pair, float), weights=[fit.matched[j], fit.not_matched[j]]))
    im = found.set_index("specialty").loc["Internal Medicine"]
    assert im["printed"] == pytest.approx((3392 * 6.1 + 3600 * 2.5) / 6992) and im["solved_for"] == pytest.approx(im["printed"], rel=0.01)


def test_the_anchor(model):
    found = applications.anchored(model, applications.several())
    assert abs(found["chain"] - found["logistic"]).max() < 1e-9 and found["logistic"].is_monotonic_increasing
    assert found["apply"].to_numpy() == pytest.approx((found["any"] * found["chain"]).to_numpy())
    for row, a in zip(found.itertuples(), applications.several(), strict=True):
        assert row.logistic == pytest.approx(model.odds(a._replace(target=None)).p_ranked, rel=1e-9)
    assert "to nine decimals" in applications.anchored_sentence(model, applications.several())


def test_answers_by_applications(model):
    applicant = applications.asked()
    found = applications.by_applications(model, applicant)
    assert found["apply"].is_monotonic_increasing and (found["low"] <= found["apply"]).all() and (found["apply"] <= found["high"]).all()
    assert (found["friendliest"] >= found["apply"] - 1e-12).all() and found["friendliest"].iloc[-1] == found["apply"].iloc[-1]
    assert (found["apply"] < found["any"]).all()
    assert found.set_index("applications").loc[40, "usd"] == 30 * 11 + 10 * 30


def test_required_applications(model, figures):
    applicant = applications.asked()
    answer = model.odds(applicant).chain
    said = applications.required_sentence(model, applicant)
    n = answer.random.applications
    assert figures(said)[:3] == [245, 0.5, n]
    assert model.odds(applicant._replace(applications=n)).chain.p_apply >= 0.5 > model.odds(applicant._replace(applications=n - 1)).chain.p_apply
    table = applications.required_table(model, applications.several())
    assert len(table) == 6 and not any("$" in c for c in table.columns)
    impossible = applications.required_sentence(model, applications.asked(specialty="Dermatology", score=220), 0.9)
    assert "not reachable with every program" in impossible


def test_fees_are_those_of_the_season(model):
    found = applications.fees_table(model)
    assert list(found["for"][:2]) == ["ERAS", "ERAS"] and list(found["dollars"][:2]) == ["11 each", "30 each"]


def test_checks_name_their_direction(trained, chain, figures):
    found = applications.checks(trained, chain)
    shares = found[found["what"].str.startswith("share")]
    gaps = [100 * (float(r.chain) - float(r.published)) for r in shares.itertuples()]
    said = figures(applications.checks_sentence(trained, chain))
    assert said[:2] == [sum(g > 0 for g in gaps), len(gaps)] and said[2:4] == pytest.approx([min(gaps), max(gaps)], abs=1.6)


def test_pictures(tidy, trained, model):
    assert len(invitations.programs_figure(tidy, model).axes) == 1
    assert len(invitations.spread_figure(model, applications.asked()).axes) == 3
    assert len(ranks.curve_figure(tidy, trained, model).axes) == 3
