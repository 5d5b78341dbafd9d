"""Tables of applicants: what the answers of a frame take beside scikit-learn, and how `score` grows.

Run it on a quiet machine: python benchmarks/tables.py [ROWS] [LONGEST]. It writes its parts of
reports/benchmarks.json.

The gates: a scikit-learn pipeline is a logistic regression with one set of coefficients. The model has one
set per specialty and type, and takes the mean over its draws, so the two cannot give one chance: only their
time on the same frame and columns is compared. Each has a gate of its own. Answers are those of `Model.odds`,
for applicants drawn from the frame, to 1e-12; the pipeline's are those of its own coefficients, by hand.
"""

import sys
import tempfile
import time
from functools import partial
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
from common import agree, merge, people, ratio, timed, whole_command
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from matchmodel import Applicant, Question
from matchmodel.batch import score_frame
from matchmodel.model import Model, load_model

CHECKED = 200  # applicants whose answers are compared with those of `Model.odds`
TEXTS = ["specialty", "applicant_type", "visa_needed", "step1_failed", "step2_failed"]
KINDS = ("texts", "texts read from CSV", "objects that are texts", "categories")  # of these columns
NUMBERS = ["step2_ck", "years_since_graduation", "usce_months"]
EVERYTHING = {"p_ranked": "p_ranked", "p_apply": "p_apply", "p_any_invitation": "p_any_invitation"}
POOL = 100  # profiles that a table of any length repeats, so that its reading and writing are timed


def gap(model: Model, frame: pd.DataFrame, found: pd.DataFrame) -> float:
    """Return the greatest difference from `Model.odds` over a sample of rows."""
    most = 0.0
    for k in np.random.default_rng(1).integers(len(frame), size=CHECKED):
        row = frame.iloc[k].to_dict()
        asked = Question(**{name: row.pop(name) for name in ("target", "interviews") if name in row})
        answer = model.odds(Applicant(**row), asked)
        for name in [*EVERYTHING, "expected_invitations", "p_given_interviews", "required_applications"]:
            if name not in found:
                continue
            one = getattr(answer, name)
            if name == "required_applications" and one is not None:
                one = one.applications, one.low, one.high
            ends = ["", "_low", "_high"] if name + "_low" in found else [""]
            for end, wanted in zip(ends, (None,) * 3 if one is None else one, strict=False):
                value = found[name + end].iloc[k]
                if (wanted is None) != bool(np.isnan(value)):
                    return float("inf")
                most = most if wanted is None else max(most, abs(value - wanted))
    return most


def fitted(frame: pd.DataFrame, chances: pd.Series) -> Pipeline:
    """Return a pipeline fitted to outcomes drawn with the model's own chances."""
    columns = make_column_transformer((OneHotEncoder(), TEXTS), (StandardScaler(), NUMBERS))
    matched = np.random.default_rng(2).random(len(frame)) < chances
    return make_pipeline(columns, LogisticRegression(max_iter=1000)).fit(frame, matched)


def pipeline_gap(pipeline: Pipeline, frame: pd.DataFrame) -> float:
    """Return how far the pipeline is from its own coefficients, put on texts and numbers by hand."""
    columns, regression = pipeline[0], pipeline[1]
    encoder, scaler = columns.transformers_[0][1], columns.transformers_[1][1]
    log_odds, at = np.full(len(frame), regression.intercept_[0]), 0
    for name, categories in zip(TEXTS, encoder.categories_, strict=True):
        each = dict(zip(categories, regression.coef_[0, at : at + len(categories)], strict=True))
        log_odds, at = log_odds + frame[name].map(each).to_numpy(float), at + len(categories)
    for name, mean, scale in zip(NUMBERS, scaler.mean_, scaler.scale_, strict=True):
        log_odds, at = log_odds + regression.coef_[0, at] * (frame[name] - mean).to_numpy() / scale, at + 1
    return float(np.abs(pipeline.predict_proba(frame)[:, 1] - 1 / (1 + np.exp(-log_odds))).max())


def of_kind(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return a frame whose text columns are of one of the `KINDS`; of the first, each text is an object."""
    if kind == "texts read from CSV":
        return pd.read_csv(StringIO(frame.to_csv(index=False)))
    types = {"objects that are texts": object, "categories": "category"}
    return frame.astype(dict.fromkeys(TEXTS, types[kind])) if kind in types else frame


def frames(model: Model, rows: int) -> dict[str, object]:
    """Time a frame: points beside scikit-learn, by what its text columns are; ranges beside points."""
    frame = people(model, rows)
    ranked = {"chain": False}
    points, ranges = score_frame(frame, model, ranges=False, **ranked), score_frame(frame, model, **ranked)
    agree("points", gap(model, frame, points), 1e-12)
    agree("ranges", gap(model, frame, ranges), 1e-12)
    pipeline = fitted(frame.head(50_000), points["p_ranked"].head(50_000))
    agree("the pipeline", pipeline_gap(pipeline, frame.head(10_000)), 1e-9)
    seconds: dict[str, float] = {}
    ratios = {}
    for kind in KINDS:
        held = of_kind(frame, kind)
        agree(
            f"points of {kind}",
            float(score_frame(held, model, ranges=False, **ranked).ne(points).sum().sum()),
            0,
        )
        found = timed(
            5,
            points=partial(score_frame, held, model, ranges=False, **ranked),
            pipeline=partial(pipeline.predict_proba, held),
        )
        seconds |= {f"{what}: {kind}": value for what, value in found.items()}
        ratios[f"points of {kind}: times faster than a scikit-learn pipeline"] = ratio(
            found["pipeline"] / found["points"], 5, "least"
        )
    seconds["ranges"] = timed(1, ranges=partial(score_frame, frame, model, **ranked))["ranges"]
    ratios["ranges from all draws: times the time of points"] = ratio(
        seconds["ranges"] / seconds[f"points: {KINDS[0]}"], 40, "most"
    )
    return {
        "rows": rows,
        "distinct_rows": len(frame.drop_duplicates()),
        "text_columns": str(frame["specialty"].dtype.storage),
        "seconds": seconds,
        "ratios": ratios,
    }


def everything(model: Model, rows: int) -> dict[str, object]:
    """Time all answers with ranges on one core: of the frame, and of its first rows that are all distinct."""
    frame = people(model, rows)
    chained = [
        model.has_chain(k, s) for k, s in zip(frame["applicant_type"], frame["specialty"], strict=True)
    ]
    frame = frame[chained].assign(target=0.5, interviews=5).reset_index(drop=True)
    distinct = frame.drop_duplicates()
    found, ratios = {"rows": len(frame), "distinct_rows": len(distinct)}, {}
    some = distinct.head(max(rows // 50, 1000)).reset_index(drop=True)
    agree("everything", gap(model, some, score_frame(some, model)), 1e-12)
    for name, table in (("rows all distinct", some), ("the frame", frame)):
        started = time.process_time()
        score_frame(table, model)
        seconds = time.process_time() - started
        found[f"core_seconds: {name}"] = seconds
        ratios[f"all answers with ranges, {name}: rows a second and core"] = ratio(
            len(table) / seconds, 5000, "least"
        )
    return {**found, "ratios": ratios}


def growth(model: Model, longest: int) -> list[dict[str, float]]:
    """Time `matchmodel score` and its greatest memory, for tables of 10^3 rows and more.

    The table a tenth as long as the longest is taken before and after it, and is told as the mean: a machine
    that slows down in these minutes is no growth.
    """
    pool = people(model, 50 * POOL, seed=3).drop_duplicates().head(POOL)
    lines = pool.to_csv(index=False, header=False).splitlines()
    lengths, found = [10**k for k in range(3, len(str(longest)))], []
    with tempfile.TemporaryDirectory() as folder:
        table, out = Path(folder) / "in.csv", Path(folder) / "out.csv"
        for rows in (*lengths, lengths[-2]):
            with open(table, "w", encoding="utf-8") as file:
                file.write(",".join(pool) + "\n")
                for start in range(0, rows, len(lines)):
                    file.write("\n".join(lines[: rows - start]) + "\n")
            one = {"rows": rows, **whole_command("score", table, out)}
            with open(out, encoding="utf-8") as file:
                written = sum(1 for _ in file) - 1
            agree(f"score of {rows:,} rows", abs(written - rows), 0)
            print(one, flush=True)
            found.append(one)
    again = found.pop()
    found[-2] = {what: (value + again[what]) / 2 for what, value in found[-2].items()}
    return found


def main(rows: int, most: int) -> None:
    """Write the parts 'frames', 'everything' and 'score', each once it is measured."""
    model = load_model()
    merge("frames", frames(model, rows))
    merge("everything", everything(model, rows))
    by_rows = growth(model, most)
    first, last = by_rows[-2], by_rows[-1]
    growing = {
        "score: core time a row, the longest table against one a tenth as long": ratio(
            last["core_seconds"] / first["core_seconds"] * first["rows"] / last["rows"], 1.25, "most"
        ),
        "score: memory, the longest table against one a tenth as long": ratio(
            last["megabytes"] / first["megabytes"], 1.25, "most"
        ),
    }
    merge("score", {"distinct_profiles": POOL, "by_rows": by_rows, "ratios": growing})


if __name__ == "__main__":
    main(*(int(word) for word in [*sys.argv[1:], "1000000", "10000000"][:2]))
