"""A frame of applicants: the numbers of predict, however its cells are written."""

import math

import numpy as np
import pandas as pd
import pytest

from matchmodel import Applicant, Question, RefusedInput
from matchmodel.batch import score_frame
from matchmodel.batch.columns import CHANCES, ENDS, GIVEN, REQUIRED

from ..model.synthetic import CHAINED, GREY, WITHHELD, model
from .test_score import figures

MODEL = model()
WAYS = {  # to write what is known and what is not
    "visa_needed": {
        True: ["yes", "Y", "J-1", True],
        False: ["no", 0.0, "0", False],
        None: ["unknown", "", None],
    },
    "step1_failed": {True: ["TRUE", "yes"], False: ["no", "N"], None: [None, "n/a"]},
}


def written(r, name, value):
    if name in WAYS:
        ways = WAYS[name][value]
        return ways[r.integers(len(ways))]
    if value is None:
        return [None, "unknown", "-", float("nan")][r.integers(4)]
    return [value, str(value), f" {value} "][r.integers(3)]


def people(n, seed=0):
    """Return random applicants and questions, and the frame that says the same in many ways."""
    r = np.random.default_rng(seed)

    def maybe(value):
        return None if r.random() < 0.2 else value

    pairs, lines = [], []
    for _ in range(n):
        kind = ["us-img", "non-us-img"][r.integers(2)]
        said = {
            "specialty": [CHAINED, CHAINED, GREY, WITHHELD][r.integers(4)],
            "applicant_type": kind,
            "step2_ck": maybe(int(r.integers(195, 290))),
            "step1_failed": maybe(bool(r.random() < 0.3)),
            "step2_attempts": maybe(int(r.integers(1, 4))),
            "yog": maybe(int(r.integers(1990, 2027))),
            "usce_months": maybe(float(r.integers(0, 26)) / 2),
            "visa_needed": maybe(kind == "non-us-img" and bool(r.random() < 0.7)),
            "cycle": maybe(int(r.integers(2026, 2031))),
            "applications": maybe(int(r.integers(1, 300))),
            "target": maybe(float(r.integers(1, 99)) / 100),
            "interviews": maybe(int(r.integers(0, 20))),
        }
        asked = {name: said[name] for name in ("applications", "target", "interviews")}
        pairs.append((Applicant(**{k: v for k, v in said.items() if k not in asked}), Question(**asked)))
        lines.append(
            {k: v if k in ("specialty", "applicant_type") else written(r, k, v) for k, v in said.items()}
        )
    return pairs, pd.DataFrame(lines, dtype=object)


PAIRS, FRAME = people(500)
EVERYTHING = [name + end for name in (*CHANCES, *REQUIRED, GIVEN) for end in ENDS]


def test_the_numbers_of_predict():
    found = score_frame(FRAME, MODEL)
    assert [*found] == [*EVERYTHING, "trust"] and (found.index == FRAME.index).all()
    for k, (applicant, question) in enumerate(PAIRS):
        wanted = figures(applicant, question, EVERYTHING)
        assert found.iloc[k, :-1].tolist() == pytest.approx(wanted, abs=1e-12, rel=1e-12, nan_ok=True)


def test_points_alone_are_the_same_points():
    whole, points = score_frame(FRAME, MODEL), score_frame(FRAME, MODEL, ranges=False)
    assert [*points] == [*CHANCES, *REQUIRED, GIVEN, "trust"]
    pd.testing.assert_frame_equal(points, whole[[*points]], check_exact=True)
    ranked = score_frame(FRAME, MODEL, ranges=False, chain=False)
    assert [*ranked] == ["p_ranked", "trust"]
    np.testing.assert_allclose(ranked["p_ranked"], whole["p_ranked"], rtol=0, atol=1e-12)
    pd.testing.assert_frame_equal(
        score_frame(FRAME, MODEL, chain=False), whole[[*("p_ranked" + end for end in ENDS), "trust"]]
    )


@pytest.mark.parametrize("how", [{}, {"ranges": False}, {"ranges": False, "chain": False}])
def test_a_row_is_answered_alike_in_any_company(how):
    how = how | {"required": True, "interviews": True} if how.get("chain", True) else how
    whole = score_frame(FRAME, MODEL, **how)
    some = FRAME.sample(frac=1.0, random_state=1)
    parts = [score_frame(some.iloc[k : k + 7], MODEL, **how) for k in range(0, len(some), 7)]
    pd.testing.assert_frame_equal(pd.concat(parts).loc[FRAME.index], whole, check_exact=True)


def test_where_nobody_is_like_another():
    """More profiles than are held at once: the same numbers, and none of another row's."""
    r, n = np.random.default_rng(6), 9000
    frame = pd.DataFrame(
        {"specialty": CHAINED, "applicant_type": "non-us-img", "step2_ck": r.uniform(200, 290, n)}
    )
    frame["usce_months"] = r.uniform(0, 14, n)
    found = score_frame(frame, MODEL, ranges=False, chain=False)["p_ranked"]
    some = r.permutation(n)[:40]
    again = score_frame(frame.iloc[some], MODEL, ranges=False, chain=False)["p_ranked"]
    assert (again == found.iloc[some]).all()
    for k in some[:10]:
        assert found[k] == pytest.approx(MODEL.odds(Applicant(**frame.iloc[k])).p_ranked.point, rel=1e-12)


@pytest.mark.parametrize("dtype", ["str", "category", object])
def test_any_type_of_column(dtype):
    frame = pd.DataFrame({"Specialty": ["IM"] * 3, "Type": ["us-img"] * 3, "Step 2": ["250", None, "230,5"]})
    wanted = [figures(Applicant("IM", "us-img", step2_ck=score))[0] for score in (250, None, 230.5)]
    assert score_frame(frame.astype(dtype), MODEL)["p_ranked"].tolist() == pytest.approx(wanted, abs=1e-12)
    numbers = frame.assign(**{"Step 2": [250.0, math.nan, 230.5]})
    assert score_frame(numbers, MODEL)["p_ranked"].tolist() == pytest.approx(wanted, abs=1e-12)
    with pytest.raises(RefusedInput, match="Step 2 CK is 'True', not a number"):
        score_frame(frame.assign(**{"Step 2": pd.Series([1, True, 250], dtype=object)}), MODEL)


@pytest.mark.parametrize("dtype", ["str", object])
@pytest.mark.parametrize("shared", [True, False])
def test_a_long_column_is_the_same_whether_equal_texts_are_one_object(dtype, shared):
    n, r = 4000, np.random.default_rng(8)
    texts = np.array(["yes", "no", "Yes", None, "J-1"], object)[r.integers(0, 5, n)]
    if not shared:
        texts = np.array([None if text is None else "".join(list(text)) for text in texts], object)
    frame = pd.DataFrame({"specialty": "IM", "applicant_type": "non-us-img", "step2_ck": 240}, range(n))
    frame["visa_needed"] = pd.Series(texts, dtype=dtype)
    found = score_frame(frame.iloc[::-1], MODEL, ranges=False, chain=False)["p_ranked"]
    for visa in ("yes", "no", None):
        wanted = MODEL.odds(Applicant("IM", "non-us-img", step2_ck=240, visa_needed=visa)).p_ranked.point
        same = {"yes": ["yes", "Yes", "J-1"], "no": ["no"], None: [None]}[visa]
        assert found[[text in same for text in texts[::-1]]].to_numpy() == pytest.approx(wanted, abs=1e-12)


def test_in_a_long_column_of_objects_true_and_1_are_not_alike():
    values = pd.Series([1, True, 1.0, "1"] * 1000, dtype=object)
    frame = pd.DataFrame({"specialty": "IM", "applicant_type": "us-img", "step1_failed": values})
    found = score_frame(frame, MODEL, ranges=False, chain=False, refuse=False)
    for k, value in enumerate([1, True, 1.0, "1"]):
        one = score_frame(frame.iloc[[k]], MODEL, ranges=False, chain=False, refuse=False)
        assert (found["fault"].iloc[k::4] == one["fault"].iloc[0]).all(), value
        assert found["p_ranked"].iloc[k::4].nunique(dropna=False) == 1
        assert found["p_ranked"].iloc[k] == pytest.approx(one["p_ranked"].iloc[0], nan_ok=True, abs=1e-12)


@pytest.mark.parametrize(
    ("dtype", "values"),
    [("Int64", [250, None]), ("Float32", [250, None]), ("int8", [1, 127]), ("uint16", [250, 251])],
)
def test_any_type_of_number(dtype, values):
    frame = pd.DataFrame({"specialty": "IM", "applicant_type": "us-img", "step2_ck": pd.array(values, dtype)})
    frame["step1_failed"] = pd.array([True, None], "boolean")
    people = [
        Applicant("IM", "us-img", step2_ck=v, step1_failed=f)
        for v, f in zip(values, (True, None), strict=True)
    ]
    frame.index = pd.Index(["same", "same"])
    found = score_frame(frame, MODEL)
    wanted = [figures(a)[0] for a in people]
    assert found["p_ranked"].tolist() == pytest.approx(wanted, abs=1e-12) and [*found.index] == [
        "same",
        "same",
    ]
    odd = frame.assign(step2_ck=pd.Timestamp("2026-05-01"))
    with pytest.raises(RefusedInput, match="the frame: row same: Step 2 CK is .*, not a number"):
        score_frame(odd, MODEL)


@pytest.mark.parametrize(
    "values",
    [
        pd.to_timedelta([1, 2]),
        pd.to_datetime([250, 251]),
        pd.Series([[250], {251: 1}]),
        pd.Series([(250,), np.array([251])]),
        pd.Series([1 + 0j, 2j]),
        pd.period_range("2026", periods=2),
        pd.interval_range(250, 252),
    ],
    ids=lambda values: str(values.dtype),
)
def test_what_is_no_score_is_refused(values):
    frame = pd.DataFrame({"specialty": "IM", "applicant_type": "us-img", "step2_ck": values})
    with pytest.raises(RefusedInput, match="row 0: Step 2 CK is .*, not a number"):
        score_frame(frame, MODEL)


def test_rows_with_faults():
    frame = pd.DataFrame(
        {"specialty": ["IM", "IMM", "IM"], "applicant_type": "us-img", "step2_ck": [250, 999, 240]},
        index=["a", "b", "c"],
    )
    with pytest.raises(RefusedInput) as refused:
        score_frame(frame, MODEL)
    first, second = str(refused.value).splitlines()
    assert first.startswith("the frame: row b: Step 2 CK is 999") or "unknown specialty" in first + second
    found = score_frame(frame, MODEL, refuse=False)
    assert found["fault"].map(bool).tolist() == [False, True, False] and found["trust"].tolist() == [
        "ok",
        "",
        "ok",
    ]
    assert "Step 2 CK is 999" in found.loc["b", "fault"] and "unknown specialty" in found.loc["b", "fault"]
    assert found["p_ranked"].isna().tolist() == [False, True, False]
    pd.testing.assert_frame_equal(
        found.drop(columns="fault").loc[["a", "c"]], score_frame(frame.loc[["a", "c"]], MODEL)
    )


def test_columns_that_are_refused():
    with pytest.raises(RefusedInput, match="the column applicant_type is missing"):
        score_frame(pd.DataFrame({"specialty": ["IM"]}), MODEL)
    odd = pd.DataFrame({"specialty": ["IM"], "applicant_type": "us-img", "Step 1": 250})
    with pytest.raises(RefusedInput, match='the column "Step 1" is not read'):
        score_frame(odd, MODEL)
    assert len(score_frame(odd, MODEL, ignore_unread=True)) == 1
    assert len(score_frame(odd.iloc[:0, :2], MODEL)) == 0
