"""Frames on Dask and on Spark: the numbers of `score_frame` to the last bit, and a lost worker survived."""

import os
import pickle
import shutil
import signal
import sys
import time

import pandas as pd
import pytest

from matchmodel.batch import score_frame
from matchmodel.batch.dask import score_dask
from matchmodel.batch.spark import score_spark

from ..model.synthetic import CHAINED, model

MODEL = model()
ROWS = 400
FRAME = pd.DataFrame(
    {
        "Specialty": CHAINED,
        "Type": ["us-img", "non-us-img"] * (ROWS // 2),
        "Step 2": [str(200 + 7 * k % 80) if k % 9 else "unknown" for k in range(ROWS)],
        "USCE": [k % 13 for k in range(ROWS)],
        "target": [0.4 if k > 300 else None for k in range(ROWS)],  # in some parts alone
    }
)
WANTED = score_frame(FRAME, MODEL)
pytestmark = pytest.mark.slow


def same(found: pd.DataFrame, wanted: pd.DataFrame = WANTED) -> None:
    pd.testing.assert_frame_equal(found, wanted, check_exact=True, check_dtype=False, check_categorical=False)


def test_a_pickled_model_answers_alike():
    answer, loaded = pickle.loads(pickle.dumps((score_frame, MODEL)))
    same(answer(FRAME, loaded))


def lose(path, frame, loaded, **options):
    """Answer a part; the first one to begin takes its worker with it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return score_frame(frame, loaded, **options)
    time.sleep(0.5)  # others are at work
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def test_dask_with_several_workers_of_which_one_is_lost(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: matchmodel[dask]")
    dd = pytest.importorskip("dask.dataframe", reason="Dask is not installed: matchmodel[dask]")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    parts = dd.from_pandas(FRAME, npartitions=8)
    local = {"n_workers": 3, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**local) as cluster, distributed.Client(cluster):
        assert len(cluster.workers) == 3
        answered = score_dask(parts, MODEL)
        assert [*answered.columns] == [*WANTED.columns]
        same(answered.compute())
        options = {"required": True, "interviews": False}
        lost = str(tmp_path / "lost")
        one_less = parts.map_partitions(lambda part: lose(lost, part, MODEL, **options), meta=WANTED.iloc[:0])
        same(one_less.compute())
        assert os.path.exists(lost)


def test_spark_in_local_mode(monkeypatch):
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed: matchmodel[spark]")
    if shutil.which("java") is None:
        pytest.skip("Spark takes a Java, which is not installed")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    try:
        table = spark.createDataFrame(FRAME.assign(p_apply=9.0)).repartitionByRange(3, "USCE")
        found = score_spark(table, MODEL).toPandas()
    finally:
        spark.stop()
    assert [*found] == [*FRAME.columns, *WANTED.columns]
    same(found[[*WANTED.columns]], score_frame(found[[*FRAME.columns]], MODEL))
    assert sorted(found["p_ranked"]) == sorted(WANTED["p_ranked"])
