"""Notebook 4: what it shows is what the model answers."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from notebook_helpers.explain import applications, chain

from matchmodel.etl import Tidy
from matchmodel.model import Model
from matchmodel.question import Question

Figures = Callable[[str], list[float]]
KIND, SPECIALTY = "non-us-img", "Internal Medicine"


def test_programs_are_those_of_the_table(model: Model, raw: Path) -> None:
    with open(raw / "program-invitations-2024" / "invitations.csv", encoding="utf-8-sig") as file:
        rows = [{k.casefold().replace(" ", "_"): v for k, v in r.items()} for r in csv.DictReader(file)]
    of_type = [r for r in rows if r["applicant_type"].casefold().replace(" ", "-") == KIND]
    mine = [(float(r["invitation_rate"]), int(r["programs"])) for r in of_type if r["specialty"] == SPECIALTY]
    found = applications.programs(model).set_index("specialty").loc[SPECIALTY]
    total = sum(n for _, n in mine)
    assert found["with_figures"] == total and found["mean"] == pytest.approx(
        sum(r * n for r, n in mine) / total, rel=0.02
    )
    assert len(applications.programs_figure(model).axes) == 1


def test_the_friendliest_tenth(model: Model) -> None:
    """Counted program by program."""
    rates = model.cell(KIND, SPECIALTY).chain.rates
    fine = np.repeat(rates.rates, np.round(np.array(rates.programs) * 1000).astype(int))
    tenth = fine[: len(fine) // 10].sum() / fine.sum()
    assert applications.programs(model).set_index("specialty").loc[SPECIALTY, "tenth"] == pytest.approx(
        tenth, abs=1e-3
    )


def test_what_imgs_choose_is_the_usual_mean(model: Model) -> None:
    """Invitations at the usual number over that number, an average profile and m0 apart."""
    arrays = model.arrays(KIND, SPECIALTY).chain
    each = arrays.invitations(np.array([88.0]), arrays.m0[None, :])[0] / 88 / arrays.m0
    assert applications.programs(model).set_index("specialty").loc[SPECIALTY, "chosen"] == pytest.approx(
        each.mean(), rel=0.01
    )


def test_choices_are_those_of_the_table(tidy: Tidy) -> None:
    said = applications.choice_sentence(tidy)
    assert "internal medicine 3.18% of applications against 2.43%" in said and "neurology" in said


def test_specialties_without_a_chain_are_said(model: Model) -> None:
    said = applications.without_sentence(model)
    assert "Internal Medicine/Pediatrics" in said.split("none is guessed")[1]
    assert len(applications.usual_table(model)) == len(chain.chained(model))


def test_answers_by_applications(model: Model) -> None:
    applicant = applications.asked()
    found = applications.by_applications(model, applicant)
    points = np.array([r.point for r in found["apply"]])
    assert (np.diff(points) > 0).all() and (points <= [r.point for r in found["any"]]).all()
    assert (found["random"] <= points + 1e-12).all() and (points <= found["friendliest"] + 1e-12).all()
    assert found["friendliest"].iloc[-1] == pytest.approx(points[-1])
    assert found["apply"].iloc[1] == model.odds(applicant, Question(applications=40)).p_apply
    assert found.set_index("applications").loc[40, "usd"] == 30 * 11 + 10 * 30
    assert len(applications.by_applications_table(model, applicant)) == len(found)


def test_required_applications(model: Model, figures: Figures) -> None:
    applicant = applications.asked()
    said = applications.required_sentence(model, applicant)
    n = int(figures(said)[2])
    assert model.odds(applicant, Question(applications=n)).p_apply.point >= 0.5
    assert model.odds(applicant, Question(applications=n - 1)).p_apply.point < 0.5
    assert len(applications.required_table(model, chain.three())) == 9
    impossible = applications.required_sentence(model, applications.asked(220, "General Surgery"), 0.95)
    assert "is not reached: with all" in impossible


def test_interviews_held(model: Model, figures: Figures) -> None:
    table = applications.interviews_table(model, chain.three())
    assert len(table) == 12 and list(table)[1:] == [f"Step 2 CK {s}" for s in chain.SCORES]
    held = model.odds(applications.asked(245), Question(interviews=3)).p_given_interviews
    assert figures(table.loc[2, "Step 2 CK 245"]) == pytest.approx([*held], abs=5e-4)
    assert f"{held.point:.1%} with 3" in applications.interviews_sentence(model, applications.asked(245))


def test_fees_are_those_of_the_season(model: Model) -> None:
    found = applications.fees_table(model)
    assert list(found["for"][:2]) == ["ERAS", "ERAS"] and list(found["dollars"][:2]) == ["11 each", "30 each"]
