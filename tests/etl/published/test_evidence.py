"""What data/raw holds beside the Match tables, compared with facts known from elsewhere."""

import numpy as np
import pytest


def test_neurology_is_of_170_programs(tidy):
    groups = tidy.table("invitation_groups").set_index("group")
    assert groups.loc["non-us-img", ["invitation_rate", "applications", "programs"]].tolist() == [
        0.0465,
        48895,
        170,
    ]
    invited = tidy.table("invited_step2").set_index(["applicant_type", "statistic", "quantile"])["step2_ck"]
    assert set(tidy.table("invited_step2")["specialty"]) == {"Neurology"}
    assert round(invited["non-us-img", "p10", 0.9]) == 244 and round(invited["non-us-img", "p10", 0.1]) == 223


def test_population(tidy):
    population = tidy.table("population")
    counts = population.groupby("covariate")["count"].sum().to_dict()
    assert (
        counts["visa_needed"] == 135 and counts["step1_failed"] == 116317 and counts["step2_failed"] == 115294
    )
    assert set(population.loc[population["source_id"] == "img-applicant-population", "applicant_type"]) == {
        "img"
    }
    assert set(
        population.loc[population["source_id"] == "exam-failures-neurology-2026", "applicant_type"]
    ) == {""}
    shares = population.dropna(subset="share")
    assert len(shares) == 15 and shares.loc[
        shares["covariate"] == "visa_needed", ["share", "se", "applicant_type", "grade"]
    ].values.tolist() == [[0.854, 0.004, "non-us-img", "B"]]


def test_effects(tidy):
    effects = tidy.table("effects").set_index("id")
    assert len(effects) == 38 and effects.loc["im-crowd-step2", ["estimate", "se"]].tolist() == [
        0.4005,
        0.0786,
    ]
    assert (
        not effects["source"].str.startswith("as ").any()
        and not effects["population"].str.startswith("as ").any()
    )
    assert np.isnan(effects.loc["imgs-2022-visa", "estimate"])
    assert not {"neuro-step1-fail", "neuro-step2-fail", "neuro-signal"} & set(effects.index)
    assert effects.loc[
        "re26-neuro-step2-fail", ["estimate", "se", "adjusted_for", "score_adjusted"]
    ].tolist() == [-1.07, 0.14, "program_strata;applicant_type", "no"]
    assert set(effects.loc[effects["source_id"] == "evidence-residency-explorer"].index.str[:5]) == {
        "re26-",
        "neuro",
    }


def test_each_effect_says_which_specialty_it_is_of(tidy):
    specialty = tidy.table("effects").set_index("id")["specialty"]
    of = {
        "im-": "Internal Medicine",
        "gs-": "General Surgery",
        "re26-im-": "Internal Medicine",
        "re26-fm-": "Family Medicine",
        "re26-neuro-": "Neurology",
        "neuro-": "Neurology",
    }
    for name, where in specialty.items():
        assert where == next(
            (word for start, word in of.items() if name.startswith(start)),
            {"obgyn-draft-visa": "Obstetrics and Gynecology", "sf-ophthalmology-repeat": "Ophthalmology"}.get(
                name, ""
            ),
        )


def test_failures_are_counted_once_a_specialty(tidy):
    """Rows that read the same applications in another way name the row that counts."""
    effects = tidy.table("effects").set_index("id")
    failures = effects[
        effects["covariate"].isin(["step1_failed", "step2_failed"]) & effects.index.str.startswith("re26-")
    ]
    assert sorted(failures.index[failures["variant_of"] == ""]) == sorted(
        f"re26-{where}-step{k}-fail" for where in ("fm", "im", "neuro") for k in (1, 2)
    )
    assert all(other.startswith(of) for other, of in failures["variant_of"].items())


def test_adjusted_for_the_score_as_the_register_says_in_words(tidy):
    adjusted = tidy.table("effects").set_index("id")["score_adjusted"]
    yes = {"im-crowd-ysg", "im-crowd-usce", "im-crowd-visa", "im-crowd-dispersion", "gs-crowd-ysg",
        "gs-crowd-dispersion", "obgyn-draft-visa", "imgs-2022-visa", "jom-img-type",
           "im-crowd-step3", "im-crowd-publications", "im-crowd-applications", "gs-crowd-us-img",
               "gs-crowd-publications"}  # fmt: skip
    assert set(adjusted.index[adjusted == "yes"]) == yes


def test_the_visa_outcomes_add_up_to_the_printed_totals(tidy):
    """Printed: 6,733 of 11,944 non-US IMGs matched in 2026."""
    rates = tidy.table("rates").set_index(["year", "applicant_type"]).loc[(2026, "non-us-img")]
    outcomes = tidy.table("visa_outcomes").set_index("visa_needed")
    assert outcomes["matched"].sum() == 5549 + 1184 == rates["matched_pgy1"] == 6733
    assert outcomes["applicants"].sum() == rates["active_applicants"] == 11944
    assert (
        (outcomes["matched"] / outcomes["applicants"]).round(3).tolist()
        == outcomes["match_rate"].tolist()
        == [0.544, 0.679]
    )
    odds = outcomes["match_rate"] / (1 - outcomes["match_rate"])
    effect = tidy.table("effects").set_index("id").loc["nrmp-2026-visa"]
    assert round(np.log(odds["yes"] / odds["no"]), 3) == effect["estimate"] and effect["n"] == 11944
    sizes = (1 / outcomes["matched"] + 1 / (outcomes["applicants"] - outcomes["matched"])).sum()
    assert round(np.sqrt(sizes), 3) == effect["se"]
    share = tidy.table("population").query("source_id == 'nrmp-2026-visa'")["share"].item()
    assert round(outcomes.loc["yes", "applicants"] / 11944, 3) == share


def test_histograms_of_2026_have_the_means_that_are_printed_beside_them(tidy):
    """Rates are rounded to 0.01, so a mean over programs is within 0.005."""
    means = tidy.table("invitation_means").set_index(["specialty", "applicant_type"])
    histograms = tidy.table("invitations").query("year == 2026").groupby(["specialty", "applicant_type"])
    assert set(histograms.groups) == set(means.index) and len(means) == 6
    for cell, rows in histograms:
        assert rows["programs"].sum() == means.loc[cell, "programs"]
        assert (
            abs(
                np.average(rows["invitation_rate"], weights=rows["programs"])
                - means.loc[cell, "program_mean"]
            )
            < 0.005
        )
        assert set(rows["source_id"]) == {
            "program-invitations-2026" + ("" if cell[0] == "Neurology" else "-samples")
        }
        assert set(rows["coverage"]) == {"all" if cell[0] == "Neurology" else "sample"}
        assert (
            (rows["programs_listed"] == 170).all()
            if cell[0] == "Neurology"
            else rows["programs_listed"].isna().all()
        )


def test_neurology_is_the_same_in_both_sources(tidy):
    groups = tidy.table("invitation_groups").set_index("group")["invitation_rate"]
    means = (
        tidy.table("invitation_means")
        .query("specialty == 'Neurology'")
        .set_index("applicant_type")["application_weighted"]
    )
    assert means.to_dict() == {kind: groups[kind] for kind in ("us-img", "non-us-img")}


def test_program_means_of_2024(tidy):
    """The means that the 2026 summary quotes for 2024 are those of the 2024 histograms."""
    quoted = {("Internal Medicine", "us-img"): 0.04, ("Internal Medicine", "non-us-img"): 0.0216,
        ("Family Medicine", "us-img"): 0.0649,
              ("Family Medicine", "non-us-img"): 0.0296, ("Neurology", "us-img"): 0.0413, ("Neurology",
                  "non-us-img"): 0.0428}  # fmt: skip
    rows = tidy.table("invitations").query(
        "year == 2024 and specialty in ['Internal Medicine', 'Family Medicine', 'Neurology']"
    )
    assert set(rows["coverage"]) == {"all"}
    for cell, each in rows.groupby(["specialty", "applicant_type"]):
        assert round(np.average(each["invitation_rate"], weights=each["programs"]), 4) == quoted[cell]


def test_participation_agrees_with_what_it_is_made_of(tidy):
    value = tidy.table("participation").set_index(["year", "specialty", "applicant_type", "quantity"])[
        "value"
    ]
    rates = tidy.table("rates").set_index(["year", "applicant_type"])["active_applicants"]
    applied = tidy.table("applicants_total").set_index(["season", "specialty"])["img_applicants"]
    certified = value[2025, "All", "img", "certified"]
    assert certified == rates[2025, "us-img"] + rates[2025, "non-us-img"] == 16052
    assert (
        round(certified / value[2025, "All", "img", "registered"], 3)
        == value[2025, "All", "img", "share_certified"]
    )
    assert round(certified / applied[2025, "All"], 3) == value[2025, "All", "img", "share_ranking"]
    assert (
        round(value[2026, "All", "all", "certified"] / value[2026, "All", "all", "registered"], 3)
        == value[2026, "All", "all", "share_certified"]
    )
    printed = tidy.table("rates").set_index(["year", "applicant_type"])["match_rate"]
    for year, share in ((2024, 0.56), (2024, 0.49)):
        kind = "us-img" if share == 0.56 else "non-us-img"
        assert round(share / printed[year, kind], 3) == value[year, "All", kind, "share_certified"]
    for year in (2024, 2025):
        for kind in ("us-img", "non-us-img"):
            assert value[year, "All", kind, "matched_after_soap"] > printed[year, kind]


def test_invitations_per_applicant_follow_from_applications_and_rates(tidy):
    value = tidy.table("participation").set_index(["year", "specialty", "applicant_type", "quantity"])[
        "value"
    ]
    rate = tidy.table("invitation_means").set_index(["specialty", "applicant_type"])["application_weighted"]
    for specialty, us, digits in (("Internal Medicine", 0.30, 1), ("Family Medicine", 0.65, 1)):
        mixed = us * rate[specialty, "us-img"] + (1 - us) * rate[specialty, "non-us-img"]
        sent, invited = (
            value[2026, specialty, "img", f"{what}_per_applicant"] for what in ("applications", "invitations")
        )
        assert round(sent * mixed, digits) == pytest.approx(invited, abs=0.06)


def test_surgery_matches_by_invitations(tidy):
    rows = tidy.table("invited_interviews").set_index(["applicant_type", "bin"])
    assert (100 * rows["matched"] / rows["applicants"]).round(1)["all"].tolist() == [0, 0, 40.0, 73.3, 91.2]
    assert rows.groupby("applicant_type")["applicants"].sum().to_dict() == {"all": 182, "img": 49}
    assert (rows.loc["img", ["applicants", "matched"]] <= rows.loc["all", ["applicants", "matched"]]).all(
        axis=None
    )


def test_failures_in_neurology_are_the_shares_that_the_effects_are_of(tidy):
    effects = tidy.table("effects").set_index("id")["n"]
    counts = (
        tidy.table("population")
        .query("source_id == 'exam-failures-neurology-2026'")
        .groupby("covariate")["count"]
    )
    assert counts.sum().to_dict() == {
        "step1_failed": effects["re26-neuro-step1-fail"],
        "step2_failed": effects["re26-neuro-step2-fail"],
    }
    groups = tidy.table("invitation_groups").set_index("group")["applications"]
    assert (
        groups["step 1 ever failed (all types)"] == 9088
        and groups["signal sent (all types)"] + groups["signal not sent (all types)"]
        == effects["re26-neuro-signal-within"]
    )


def test_failures_in_internal_and_family_medicine_are_the_shares_printed(tidy):
    effects = tidy.table("effects").set_index("id")["n"]
    shares = (
        tidy.table("population")
        .query("source_id == 'residency-explorer-2026' and applicant_type == ''")
        .set_index(["covariate", "population"])["share"]
    )
    where = {
        "im": "applications to 33 internal medicine programs, all types",
        "fm": "applications to 7 family medicine programs, all types",
    }
    for failed, step, code in ((7653, 1, "im"), (4956, 2, "im"), (1213, 1, "fm"), (956, 2, "fm")):
        assert (
            abs(failed / effects[f"re26-{code}-step{step}-fail"] - shares[f"step{step}_failed", where[code]])
            < 0.0006
        )


def test_the_exams_marks_and_scale(tidy):
    exam = tidy.table("exam_reference")
    marks = exam[exam["item"] == "passing_score"].set_index("from_date")["value"]
    assert marks.to_dict() == {
        "2012-07-01": 196,
        "2013-07-01": 203,
        "2014-07-01": 209,
        "2022-07-01": 214,
        "2025-07-01": 218,
    }
    by_item = exam.groupby("item")["value"].apply(list)
    assert (
        (by_item["scale_low"], by_item["scale_high"]) == ([1], [300])
        and by_item["median_matched"] == [248]
        and by_item["median_not_matched"] == [242]
    )
    assert by_item["mean"] == [242, 243, 247] and by_item["sd"] == [17, 16, 15]
