"""Applications against the chance: the chance, its bounds, the usual number, the words on the lines."""

import pytest

from matchmodel import Applicant, Question
from matchmodel.errors import NotInModel, RefusedInput
from matchmodel.plots import applications_plot

from ..model import synthetic
from .conftest import labelled

KIND = "non-us-img"


@pytest.fixture
def model():
    return synthetic.model()


def test_lines_are_the_answers(model):
    who = [
        Applicant("Internal Medicine", KIND, step2_ck=245, yog=2022),
        Applicant("IM", "us-img", step2_ck=250),
    ]
    axis = applications_plot(model, who, ["a", "b"]).axes[0]
    for applicant, label in zip(who, "ab", strict=True):
        chosen, random, friendliest = (
            labelled(axis, words + label)[0] for words in ("", "at random: ", "friendliest first: ")
        )
        assert chosen.get_linestyle() == "-" and friendliest.get_linestyle() == random.get_linestyle() == "--"
        assert max(random.get_linewidth(), friendliest.get_linewidth()) < chosen.get_linewidth() / 2
        x = chosen.get_xdata()
        for k in (0, 3, 20, -2, -1):
            answer = model.odds(applicant, Question(applications=int(x[k])))
            assert chosen.get_ydata()[k] == pytest.approx(answer.p_apply.point, abs=1e-12)
        assert x[-1] == answer.listed
        assert (friendliest.get_ydata() >= chosen.get_ydata() - 1e-12).all() and (
            chosen.get_ydata() >= random.get_ydata() - 1e-12
        ).all()


def test_the_usual_number_is_marked(model):
    who = [Applicant("IM", KIND, step2_ck=s) for s in (230, 250)]
    axis = applications_plot(model, who).axes[0]
    usual = model.odds(who[0]).usual.value
    for applicant, mark in zip(who, labelled(axis, "usual number"), strict=True):
        (n,), (p,) = mark.get_data()
        assert n == usual
        near = [
            model.odds(applicant, Question(applications=k)).p_apply.point
            for k in (int(usual), int(usual) + 1)
        ]
        assert near[0] - 0.002 <= p <= near[1] + 0.002
    said = [t.get_text() for t in axis.texts]
    assert f"usual: {usual:.0f}" in said and "friendliest first: a bound" in said


def test_labels_stand_at_the_ends_in_order(model):
    who = [Applicant("IM", KIND, step2_ck=s) for s in (230, 240, 260)]
    axis = applications_plot(model, who).axes[0]
    places = {t.get_text(): t.get_position()[1] for t in axis.texts if t.get_text().startswith("Step 2 CK")}
    assert sorted(places, key=places.get) == ["Step 2 CK 230", "Step 2 CK 240", "Step 2 CK 260"]
    for text, y in places.items():
        assert y == pytest.approx(labelled(axis, text)[0].get_ydata()[-1], abs=0.05)


def test_most_and_target(model):
    axis = applications_plot(model, [Applicant("IM", KIND, step2_ck=245)], target=0.7, most=60).axes[0]
    assert axis.get_xlim() == (0, 60) and set(labelled(axis, "target")[0].get_ydata()) == {0.7}
    assert not labelled(axis, "usual number") and not any(
        "usual:" in t.get_text() for t in axis.texts
    )  # it lies beyond


@pytest.mark.parametrize("k", (0, 7))
def test_too_many_to_tell_apart(model, k):
    with pytest.raises(RefusedInput, match=f"{k} curves; one picture holds 1 to 6"):
        applications_plot(model, [Applicant("IM", KIND)] * k)


def test_no_chain(model):
    with pytest.raises(NotInModel):
        applications_plot(model, [Applicant("Plastic Surgery", KIND)])
