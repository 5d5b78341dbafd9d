"""Other choices and single sources left out: the committed rows, which test_documents makes anew."""

import pandas as pd
import pytest

from matchmodel.evaluate.sensitivity import AS_SHIPPED, EXAMPLES, changes, steps
from matchmodel.fit.train import train


@pytest.fixture(scope="module")
def frame(evaluation):
    return pd.DataFrame(evaluation["sensitivity"]["rows"]).astype({"p_ranked": float, "moved": float})


def of(frame, change):
    return frame[frame["change"] == change].set_index("applicant")


def test_every_choice_and_every_source_is_tried(frame, tidy, trained):
    training = tidy.select(role="training")
    names = set(frame["change"])
    assert {AS_SHIPPED, *changes(trained.exchange), *(f"without {s}" for s in training.sources)} == names
    assert len(frame) == len(names) * len(EXAMPLES)
    assert len(names) == steps(training) + 1
    assert (of(frame, AS_SHIPPED)["moved"] == 0).all()


def test_widening_moves_ranges_more_than_points(frame):
    narrow, wide = of(frame, "grades: no widening"), of(frame, "grades: variances twice as wide")
    assert (abs(narrow["moved"]) < 0.03).all() and (abs(wide["moved"]) < 0.03).all()
    by_evidence = [name for name in EXAMPLES if not name.startswith("US IMG")]  # whose range is that of the level
    assert (wide["high"] - wide["low"] > narrow["high"] - narrow["low"])[by_evidence].all()


def test_a_higher_exchange_rate_spreads_the_answers(frame):
    low, high = of(frame, "exchange rate one SE lower")["moved"], of(frame, "exchange rate one SE higher")["moved"]
    for name, sign in (("strong, no visa", 1), ("weak, failures, visa", -1)):
        assert sign * high[name] > 0 > sign * low[name]


def test_without_the_report_there_is_no_answer_and_without_evidence_only_the_score_tells(frame, tidy):
    assert of(frame, "without charting-outcomes-2026-non-us-img")["p_ranked"].isna().all()
    bare = of(frame, "without evidence-register")
    assert bare.loc["strong, visa", "p_ranked"] == bare.loc["strong, no visa", "p_ranked"]
    assert (of(frame, "without fees-2026")["moved"] == 0).all()
    assert not train(tidy.select(role="training", exclude=["evidence-register"])).effects
