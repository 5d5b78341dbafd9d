"""What the project promises of figures that it was not fitted to."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from matchmodel import Applicant, load_model
from matchmodel.cli import main
from matchmodel.evaluate.calibration import calibrate
from matchmodel.evaluate.held_out import bin_midpoints, check_population_average, summary_only, together

ROOT = Path(__file__).parents[2]
TYPES = {"independent": 6, "us-senior": 19}


@pytest.mark.parametrize("kind", TYPES)
def test_the_2007_bins_are_predicted_from_the_summaries(held, kind):
    found = held[kind]
    assert found.bins["specialty"].nunique() == TYPES[kind]
    assert 0.95 <= found.calibration.slope <= 1.05
    assert found.calibration.ratio <= 1.1


def test_both_types_together_are_predicted_to_the_sampling_noise(held):
    found = together(list(held.values()))
    assert found.calibration.persons == sum(one.calibration.persons for one in held.values())
    assert 0.97 <= found.calibration.slope <= 1.03
    assert found.calibration.ratio <= 1.05
    assert found.calibration.log_loss.explained > 0.7


def test_summaries_hold_no_bins_and_the_level_of_those_with_a_score(tidy):
    held = summary_only(tidy.select(role="validation"))
    assert set(held.tables) == {"counts", "quartiles"}
    counts = held.table("counts").set_index(["applicant_type", "specialty"])
    quartiles = tidy.table("quartiles").query("measure == 'step2_ck' and year == 2007 and cohort == 'matched'")
    for _, row in quartiles.iterrows():
        assert counts.loc[(row["applicant_type"], row["specialty"]), "matched"] == row["n"]


def test_midpoints_are_those_of_the_printed_bins(tidy):
    bins = bin_midpoints(tidy.select(role="validation"), "independent")
    one = bins[bins["specialty"] == "Neurology"]
    assert list(one["step2_ck"]) == [175.5 + 10 * k for k in range(10)]


@pytest.mark.slow
def test_the_same_through_the_commands(tmp_path, tidy):
    """A person lays the 2007 summaries out as a training source, and asks for the bins' midpoints."""
    raw = tmp_path / "raw with a space"
    source = raw / "report-2007"
    shutil.copytree(ROOT / "data" / "raw" / "charting-outcomes-2007", source)
    text = (source / "source.toml").read_text(encoding="utf-8").replace('role = "validation"', 'role = "training"')
    head, *tables = text.split("[[table]]")
    tables = [t for t in tables if ('layout = "quartiles"' in t and 'measure = "step2_ck"' in t) or 'layout = "counts"' in t]
    (source / "source.toml").write_text("[[table]]".join([head, *tables]), encoding="utf-8")
    counts = summary_only(tidy.select(role="validation")).table("counts")
    for kind, rows in counts.groupby("applicant_type"):
        file = next(t.split('file = "')[1].split('"')[0] for t in tables if 'layout = "counts"' in t and f'"{kind}"' in t)
        rows = rows.rename(columns={"specialty": "Specialty", "matched": "Matched", "not_matched": "Not Matched"})
        rows[["Specialty", "Matched", "Not Matched"]].to_csv(source / file, index=False)
    data, file = tmp_path / "tidy", tmp_path / "model.json"
    assert main(["etl", "--raw", str(raw), "--out", str(data)]) == 0
    assert main(["train", "--data", str(data), "--model", str(file)]) == 0
    model = load_model(file)
    for kind in TYPES:
        bins = bin_midpoints(tidy.select(role="validation"), kind)
        table, out = tmp_path / "in.csv", tmp_path / "out.csv"
        with open(table, "w", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(["specialty", "applicant_type", "step2_ck", "cycle"])
            writer.writerows((s, kind, x, 2007) for s, x in zip(bins["specialty"], bins["step2_ck"], strict=True))
        assert main(["score", str(table), str(out), "--model", str(file)]) == 0
        with open(out, newline="") as handle:
            predicted = [float(row["p_ranked"]) for row in csv.DictReader(handle)]
        found = calibrate(predicted, bins["matched"], bins["total"])
        assert 0.95 <= found.slope <= 1.05 and found.ratio <= 1.1
        assert model.odds(Applicant(bins["specialty"][0], kind, float(bins["step2_ck"][0]), cycle=2007)).p_ranked == pytest.approx(predicted[0], abs=1e-9)
    assert json.loads(file.read_text(encoding="utf-8"))["types"]["independent"]["derived_from"] is None


def test_averaged_over_the_reference_population_the_published_rate_returns(trained, model):
    frame = check_population_average(trained, model, "non-us-img")
    large = frame[frame["applicants"] >= 100]
    assert len(large) == 11
    assert (large["averaged"] - large["published"]).abs().max() < 0.005
    assert (frame["averaged"] - frame["model"]).abs().max() < 0.005
