"""The curve: drawn from the same numbers, to PNG or SVG."""

import pytest

from matchmodel import Applicant, load_model
from matchmodel.cli import main
from matchmodel.curve import first_friendliest, labels, make_curve

MODEL = load_model()
WHO = ["curve", "--specialty", "Internal Medicine", "--applicant-type", "non-us-img", "--step2", "245"]
STARTS = {"png": b"\x89PNG", "svg": b"<?xml"}


@pytest.mark.parametrize("ending", STARTS)
def test_pictures_are_written(ending, tmp_path, capsys):
    out = tmp_path / f"a curve.{ending}"
    assert main([*WHO, "--specialty", "FM", "--out", str(out)]) == 0
    assert out.read_bytes().startswith(STARTS[ending])
    assert "2 curves" in capsys.readouterr().out


def test_points_are_those_of_predict():
    applicant = Applicant("Neurology", "non-us-img", step2_ck=245)
    curve = make_curve(MODEL, applicant, "x")
    assert curve.applications[0] == 1 and curve.applications[-1] == 187
    for k in (0, 10, -1):
        chain = MODEL.odds(applicant._replace(applications=int(curve.applications[k]))).chain
        assert (curve.p[k], curve.low[k], curve.high[k]) == pytest.approx((chain.p_apply, chain.p_apply_low, chain.p_apply_high), abs=1e-9)
    assert list(curve.p) == sorted(curve.p)


def test_friendliest_first_is_the_answers_bound():
    applicant = Applicant("Neurology", "non-us-img", step2_ck=245, yog=2020)
    chance = first_friendliest(MODEL, MODEL.chain_cell("non-us-img", "Neurology"), MODEL.cycle_of(applicant))
    for n, _, friendliest in MODEL.odds(applicant._replace(applications=80)).chain.table:
        assert chance(n) == pytest.approx(friendliest, abs=1e-9)
    curve = make_curve(MODEL, applicant, "x")
    assert list(curve.friendliest) == [chance(int(n)) for n in curve.applications]
    assert (curve.friendliest >= curve.p - 1e-12).all() and curve.friendliest[-1] == pytest.approx(curve.p[-1], abs=1e-9)


def test_a_table_of_applicants(tmp_path, capsys):
    table, out = tmp_path / "in.csv", tmp_path / "c.png"
    table.write_text("specialty,applicant_type,step2_ck,visa_needed\nIM,non-us-img,230,yes\nIM,non-us-img,260,no\n", encoding="utf-8")
    assert main(["curve", "--table", str(table), "--out", str(out)]) == 0
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
    "nobody": (["curve", "--out", "x.png"], "say who"),
    "no chain": (["curve", "--specialty", "Plastic Surgery", "--applicant-type", "non-us-img", "--out", "x.png"], "no invitation table"),
    "too many": ([*WHO, *["--specialty", "FM"] * 6, "--out", "x.png"], "7 curves; one picture holds 1 to 6"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words, message = REFUSED[name]
    assert main(words) == 2
    captured = capsys.readouterr()
    assert message in captured.err and captured.err.count("\n") == 1 and not list(tmp_path.iterdir())
