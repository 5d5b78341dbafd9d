"""Signals: how many, of which kind, and what one may add."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmodel import Applicant, Question
from matchmodel.advice.programs.compute import programs
from matchmodel.advice.programs.rates import log_odds
from matchmodel.advice.programs.signals import (
    SignalEffect,
    Signals,
    published_signals,
    signal_effect,
    signals_of,
    split_chance,
)
from matchmodel.errors import RefusedInput

from ...asking import MODEL
from .made import SIGNAL, WITH_SIGNALS, rated

WHO = Applicant("IM", "non-us-img", 245, 1, 1, 2022, 3, True)


@given(st.floats(1e-6, 1 - 1e-6), st.floats(0.01, 6), st.floats(0.001, 0.999))
def test_a_rate_is_the_mixture_of_its_parts(rate, effect, share):
    plain, signalled = (v.item() for v in split_chance(np.array([rate]), np.array([effect]), share))
    assert 0 < plain <= rate + 1e-12 and rate - 1e-12 <= signalled <= 1
    assert share * signalled + (1 - share) * plain == pytest.approx(rate, rel=1e-9)
    if plain > 1e-9 and signalled < 1 - 1e-9:
        assert log_odds(signalled) - log_odds(plain) == pytest.approx(effect, abs=1e-5)


def test_without_an_effect_a_signal_changes_nothing():
    assert [v.item() for v in split_chance(np.array([0.1]), np.array([0.0]), 0.2)] == [0.1, 0.1]
    assert [v.item() for v in split_chance(np.array([0.0]), np.array([2.0]), 0.2)] == [0.0, 0.0]
    assert signal_effect({}) is None and signal_effect({"program_signal": None}) is None


def test_what_a_signal_adds_lies_evenly_between_nothing_and_its_crude_figure():
    effect = signal_effect({"program_signal": SIGNAL})
    assert (effect.log_odds, effect.se, effect.share) == (
        SIGNAL["value"],
        SIGNAL["se"],
        SIGNAL["share_signalled"],
    )
    draws = effect.draws(500)
    assert draws.min() >= 0 and np.array_equal(draws, effect.draws(500))
    assert draws.mean() == pytest.approx(SIGNAL["value"] / 2, rel=0.03)
    sharp = SignalEffect(1.0, 0.0, 0.2, "", "").draws(1000)  # without an error of its own: U(0, 1)
    assert np.sort(sharp) == pytest.approx((np.arange(1000) + 0.5) / 1000)
    wide = np.quantile(draws, 0.99)
    assert SIGNAL["value"] < wide < SIGNAL["value"] + 3 * SIGNAL["se"]  # the figure's own error is in too


SAID = {
    None: None,
    "": None,
    15: Signals(15),
    "15": Signals(15),
    0: Signals(0),
    "gold=3,silver=12": Signals(15, 3),
    " Gold = 2 , SILVER=0 ": Signals(2, 2),
}


@pytest.mark.parametrize("said", SAID)
def test_signals_are_read_as_people_say_them(said):
    assert signals_of(said) == SAID[said]


@pytest.mark.parametrize(
    "said",
    ["gold=3", "gold=x,silver=2", "silver=3,gold=2", "bronze=1", "gold=-1,silver=2", "many", -1, 1001, 2.5],
)
def test_other_signals_are_refused_in_a_line(said):
    with pytest.raises(RefusedInput, match="signals is") as error:
        signals_of(said)
    assert "\n" not in str(error.value)


def test_gold_and_silver_are_those_of_the_published_table_and_count_alike():
    advice = MODEL.record.advice
    tiers = published_signals(advice, "Internal Medicine")
    assert (tiers.total, tiers.gold) == (15, 3)
    assert published_signals(advice, "Neurology").gold is None
    assert published_signals(advice, "Nuclear Medicine") is None

    def made(signals):
        return programs(
            WITH_SIGNALS, WHO, rated([0.01 + k / 400 for k in range(20)]), Question(applications=18),
            signals=signals,
        )  # fmt: skip

    usual, told, flat = made(None), made("gold=3,silver=12"), made(15)
    assert told.chance == flat.chance == pytest.approx(usual.with_signals, rel=1e-12)
    assert {p.row: p.tier for p in usual.picks} == {p.row: p.tier for p in told.picks}
    sent = [p.tier for p in told.picks if p.signal]
    assert sent.count("gold") == 3 and sent.count("silver") == 12
    assert {p.tier for p in flat.picks} == {None} and flat.parts[0].gold is None
    added = {p.tier: [] for p in told.picks if p.signal}
    for p in told.picks:
        if p.signal:
            added[p.tier].append(p.chance_with_signal - p.chance_without_signal)
    assert min(added["gold"]) >= max(added["silver"])  # gold where a signal adds most
    codes = [{n.code for n in m.notes} for m in (told, flat)]
    assert "signals_alike" in codes[0] and "signals_alike" not in codes[1]
