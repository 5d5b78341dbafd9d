"""The curve: drawn from the same numbers, to PNG or SVG."""

import pytest

from matchmodel import Applicant, NotInModel, Question
from matchmodel.cli.main import main
from matchmodel.curve import labels, make_curve

from .model.synthetic import GREY, WITHHELD, model, model_file

MODEL = model()
FILE = ["--model", str(model_file())]
WHO = ["curve", "--specialty", "Internal Medicine", "--applicant-type", "non-us-img", "--step2", "245", *FILE]
STARTS = {"png": b"\x89PNG", "svg": b"<?xml"}


@pytest.mark.parametrize("ending", STARTS)
def test_pictures_are_written(ending, tmp_path, capsys):
    out = tmp_path / f"a curve.{ending}"
    assert main([*WHO, "--specialty", "IM", "--out", str(out)]) == 0
    assert out.read_bytes().startswith(STARTS[ending])
    assert "2 curves" in capsys.readouterr().out


def test_points_are_those_of_predict():
    applicant = Applicant("IM", "non-us-img", step2_ck=245, yog=2020)
    curve = make_curve(MODEL, applicant, "x")
    assert (
        curve.applications[0] == 1
        and curve.applications[-1] == 400
        and curve.usual == MODEL.odds(applicant).usual.value
    )
    for k in (0, 10, -1):
        found = MODEL.odds(applicant, Question(applications=int(curve.applications[k]))).p_apply
        assert (curve.p[k], curve.low[k], curve.high[k]) == pytest.approx(found, abs=1e-12)
    assert list(curve.p) == sorted(curve.p)
    assert (curve.random <= curve.p + 1e-12).all() and (curve.p <= curve.friendliest + 1e-12).all()


def test_it_stops_where_it_is_told():
    assert make_curve(MODEL, Applicant("IM", "us-img"), "x", 60).applications[-1] == 60


@pytest.mark.parametrize(
    ("specialty", "words"), [(GREY, "not enough figures on applications"), (WITHHELD, "No number is given")]
)
def test_no_curve_without_a_chain(specialty, words):
    with pytest.raises(NotInModel, match=words):
        make_curve(MODEL, Applicant(specialty, "us-img"), "x")


def test_a_table_of_applicants(tmp_path, capsys):
    table, out = tmp_path / "in.csv", tmp_path / "c.png"
    table.write_text(
        "specialty,applicant_type,step2_ck,visa_needed\nIM,non-us-img,230,yes\nIM,non-us-img,260,no\n",
        encoding="utf-8",
    )
    assert main(["curve", "--table", str(table), "--out", str(out), *FILE]) == 0
    assert out.exists()


LABELS = {
    ("Step 2 CK 230, visa", "Step 2 CK 260, no visa"): [("IM", 230, True), ("IM", 260, False)],
    ("Internal Medicine", "Family Medicine"): [("IM", 240, None), ("FM", 240, None)],
}


@pytest.mark.parametrize("wanted", LABELS)
def test_labels_say_what_differs(wanted):
    applicants = [Applicant(s, "non-us-img", step2_ck=x, visa_needed=v) for s, x, v in LABELS[wanted]]
    assert tuple(labels(applicants)) == wanted


REFUSED = {
    "neither PNG nor SVG": ([*WHO, "--out", "curve.pdf"], "neither .png nor .svg"),
    "nobody": (["curve", "--out", "x.png", *FILE], "say who"),
    "no chain": (
        [
            "curve",
            "--specialty",
            "Plastic Surgery",
            "--applicant-type",
            "non-us-img",
            "--out",
            "x.png",
            *FILE,
        ],
        "No number is given",
    ),
    "too many": ([*WHO, *["--specialty", "FM"] * 6, "--out", "x.png"], "7 curves; one picture holds 1 to 6"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words, message = REFUSED[name]
    assert main(words) == 2
    captured = capsys.readouterr()
    assert message in captured.err and captured.err.count("\n") == 1 and not list(tmp_path.iterdir())
