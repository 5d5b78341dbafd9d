"""docs/retrain-2027.md, walked through command by command with a made-up report."""

import csv
import re
import shlex
import shutil
from pathlib import Path
from time import monotonic

import pytest

from matchmodel import load_model
from matchmodel.cli.main import main
from matchmodel.evaluate.checks import monte_carlo, sensitivity
from matchmodel.evaluate.forecast import read_forecast

canvas = pytest.importorskip("reportlab.pdfgen.canvas")

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "retrain-2027.md").read_text(encoding="utf-8")
STEPS = [line.strip() for line in TEXT.split("\n") if re.match(r"    (matchmodel|cp|mkdir) ", line)]
monte_carlo_trials, sensitivity_trials = monte_carlo.trials, sensitivity.trials  # before the test takes fewer
TIMES = [(name, float(s)) for name, s in re.findall(r"^\| \d \| ([a-z0-9 -]+) \| (\d+) \|$", TEXT, re.M)]
FILLED = dict(re.findall(r'^    (via|notes|page) = "(.*)"$', TEXT, re.M))


def made_up_2027():
    """Counts and quartiles of 2026 with made-up changes, as the pages of a made-up report print them."""
    raw = ROOT / "data" / "raw" / "charting-outcomes-2026-non-us-img"

    def rows(name):
        with open(raw / name, encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def moved(text, by):
        return str(round(int(text) * by))

    counts = [
        (r["Specialty"], moved(r["Matched"], 1.04), moved(r["Not Matched"], 1.07))
        for r in rows("counts.csv") if r["Matched"].isdigit()
    ]  # fmt: skip
    quartiles = ("Q1", "Median", "Q3")
    scores = [
        (
            r["Specialty"],
            r["Cohort"],
            r["n"],
            *(str(int(r[c]) + 1) if r[c].isdigit() else r[c] for c in quartiles),
        )
        for r in rows("step2_ck.csv")
    ]
    return counts, scores


def printed_time(words):
    """Seconds that the page prints for a command: the longest of its names that the words hold."""
    return max((len(name), s) for name, s in TIMES if set(name.split()) <= set(words))[1]


def make_report(path):
    counts, scores = made_up_2027()
    sheet = canvas.Canvas(str(path), pagesize=(612, 792))

    def page(title, header, rows, left):
        sheet.setFont("Helvetica", 9)
        sheet.drawString(50, 750, title)
        for k, row in enumerate((header, *rows)):
            for column, (text, x) in enumerate(zip(row, left, strict=True)):
                words = column == 0 or (
                    header[1] == "Cohort" and text in ("Matched", "Not Matched", "Cohort")
                )
                (sheet.drawString if words else sheet.drawRightString)(x, 725 - 13 * k, text)
        sheet.showPage()

    title = "Made-up report for a test. Table 1. Applicants by preferred specialty"
    page(title, ("Specialty", "Matched", "Not Matched"), counts, (50, 330, 420))
    header, left = ("Specialty", "Cohort", "n", "Q1", "Median", "Q3"), (50, 270, 370, 420, 480, 530)
    half = len(scores) // 4 * 2
    page("Made-up report for a test. Table 2. Step 2 CK", header, scores[:half], left)
    page("Made-up report for a test. Table 2, continued", header, scores[half:], left)
    sheet.save()


def fill_in(folder):
    path = folder / "source.toml"
    text = path.read_text(encoding="utf-8")
    for key, value in FILLED.items():
        text = re.sub(rf'^{key} = "FILL IN.*"$', f'{key} = "{value}"', text, flags=re.M)
    path.write_text(text, encoding="utf-8")


def last_years_forecast() -> None:
    """Make the forecast of the 2027 report as it was made when 2026 was the newest."""
    assert main(["etl"]) == 0
    assert main(["forecast", "--model", "models/match-2026.json"]) == 0


@pytest.mark.slow
def test_every_command_does_what_the_page_says(tmp_path, monkeypatch, capsys):
    assert len(STEPS) >= 13 and set(FILLED) == {"via", "notes", "page"}
    assert [shlex.split(step)[1] for step in STEPS][-2:] == ["model", "predict"]
    monkeypatch.setattr(
        monte_carlo, "trials", lambda draws: monte_carlo_trials(60)[:1]
    )  # the slow part of evaluate
    monkeypatch.setattr(sensitivity, "trials", lambda tidy: sensitivity_trials(tidy)[:2])
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    (tmp_path / "models").mkdir()
    shutil.copy(ROOT / "models" / "match-2026.json", tmp_path / "models")
    make_report(tmp_path / "report-2027.pdf")
    monkeypatch.chdir(tmp_path)
    last_years_forecast()
    before, ended, said, took = Path("reports/forecast-2027.json").read_bytes(), {}, {}, []
    for step in STEPS:
        program, *words = shlex.split(step)
        if program == "cp":
            shutil.copy(*words)
            source = Path(words[1]).parent
            if (source / "source.toml").exists():
                fill_in(source)
            continue
        started = monotonic()
        ended[step] = main(words)
        took.append((words, monotonic() - started))
        said[step] = capsys.readouterr()
        fine = (0, 1) if words[0] == "compare" else (0,)
        assert ended[step] in fine, (step, said[step].out[-500:], said[step].err[-2000:])
        if words[0] == "check" and "--source" in words:
            assert "counts" in said[step].out
    model = load_model(Path("models") / "match-2027.json")
    counts, _ = made_up_2027()
    published = model.cell("non-us-img", "Internal Medicine").published
    wanted = next(row for row in counts if row[0] == "Internal Medicine")
    assert (published.matched, published.not_matched) == (int(wanted[1]), int(wanted[2]))
    assert model.newest_table == 2027 and model.default_cycle == 2028
    years = model.kind("non-us-img").years
    assert years.counts == (2027, 2026) and years.step2_ck == (2027, 2026)
    assert Path("reports-2027/MODEL_CARD.md").exists() and Path("models/open-2027.json").exists()
    scored = next(out for step, (out, _) in said.items() if "--forecast" in step)
    assert "Forecast of the 2027 report" in scored and "non-US IMGs, specialties" in scored
    assert Path("reports/forecast-2027.json").read_bytes() == before
    head, rows = read_forecast(Path("reports/forecast-2028.json"))
    assert head["report"] == 2028 and head["model"]["sha256"] == model.hash and len(rows) > 20
    assert {name.split()[0] for name, _ in TIMES} == {words[0] for words, _ in took}
    slow = [(words, round(s, 1)) for words, s in took if s > 10 * printed_time(words)]
    print("\n".join(f"{s:6.1f} s  {' '.join(words)}" for words, s in took))
    assert not slow, took
    model_said, odds_said = (said[step].out.splitlines() for step in STEPS[-2:])
    assert model_said[0] == "Model match-2027" and odds_said[0].endswith("2028 Match (model match-2027)")
