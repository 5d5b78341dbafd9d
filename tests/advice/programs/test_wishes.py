"""Filters leave programs out, preferences move them in the order, and no chance changes."""

import pytest

from matchmodel import Applicant, Question
from matchmodel.advice.programs.compute import programs
from matchmodel.advice.programs.table import Wishes, one_of, read_programs
from matchmodel.errors import RefusedInput

from ...asking import run
from .made import WITHOUT_SIGNALS, rated

WHO = Applicant("IM", "non-us-img", 245, 1, 1, 2022, 3, True)
HEAD = "program,specialty,state,setting,img_share,sponsors_h1b,step2_cutoff,Base Salary,City: name\n"
ROWS = (
    'A,IM,NY,university,60%,yes,none,"$65,000",Bronx\n'
    "B,IM,nj,Community,0.1,no,220,60000,\n"
    "C,IM,,,,,,about 70k,New  York\n"
    "D,IM,New York,community,0.6,,240,,x=y\n"
)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("wishes") / "mine.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return read_programs(path)


FITS = {
    "state=NY": "A",
    "State = ny | NJ": "AB",
    "state!=NY": "BD",  # a blank is not known to be another
    "state=new york": "D",
    "setting=community": "BD",
    "img_share>=0.5": "AD",
    "IMG share >= 50%": "AD",
    "img_share=60%": "AD",
    "img_share<0.5": "B",
    "sponsors_h1b=yes": "A",
    "sponsors h-1b=No": "B",
    "step2_cutoff<=230": "AB",  # none: it takes anybody
    "base_salary>=65000": "A",
    "Base Salary>=$60,000": "AB",
    "base salary<61000": "B",
    "base salary=65,000": "A",
    "city: name=new york": "C",
    "city name=x=y": "D",
}


@pytest.mark.parametrize("written", FITS)
def test_a_filter_keeps_what_fits(table, written):
    wishes = Wishes.read([written], [], table)
    assert "".join(p.program for p in table.programs if not wishes.against(p)) == FITS[written]


REFUSED = {
    "state": "is no wish; write COLUMN=VALUE",
    "=NY": "is no wish",
    "state=": "is no wish",
    "": "is no wish",
    "base salry>=65000": "the table has no column base salry; did you mean Base Salary",
    "kitchen=big": "the table has no column kitchen; its first line names the columns",
    "base salary>=much": "'much' is not a number",
    "state=TX": "no program of the table fits 'state=TX'; the column has NY, nj, New York",
    "accepts_imgs=yes": "the column is blank",
    "base salary>=90000": "no program of the table fits",
}


@pytest.mark.parametrize("written", REFUSED)
@pytest.mark.parametrize("as_filter", [True, False])
def test_a_wish_that_says_nothing_is_refused_in_a_line(table, written, as_filter):
    with pytest.raises(RefusedInput) as error:
        Wishes.read(*(([written], []) if as_filter else ([], [written])), table)
    assert REFUSED[written] in str(error.value) and "\n" not in str(error.value)


WEIGHTS = {
    "state=NY": [2, 1, 1, 1],
    "state=NY:1.5": [1.5, 1, 1, 1],
    "base salary>=60000:0.5": [0.5, 0.5, 1, 1],
    "city name=x=y : 3": [1, 1, 1, 3],
}


@pytest.mark.parametrize("written", WEIGHTS)
def test_a_preference_has_its_weight(table, written):
    wishes = Wishes.read([], [written], table)
    assert [wishes.weight(p) for p in table.programs] == WEIGHTS[written]
    both = Wishes.read([], [written, "setting=community:4"], table)
    times = [1, 4, 1, 4]
    assert [both.weight(p) for p in table.programs] == [
        w * t for w, t in zip(WEIGHTS[written], times, strict=True)
    ]


@pytest.mark.parametrize("written", ["state=NY:0", "state=NY:101"])
def test_a_weight_is_above_nothing_and_has_an_end(table, written):
    with pytest.raises(RefusedInput, match="a weight is above 0 and at most 100"):
        Wishes.read([], [written], table)


def test_a_weight_moves_the_order_and_never_a_chance():
    listed = rated([0.02, 0.03, 0.05, 0.04])
    rows = listed.programs
    prefer = [f"invitation_rate_non_us_img={rows[0].invitation_rate_non_us_img:g}:2.2"]

    def made(n, **more):
        return programs(WITHOUT_SIGNALS, WHO, listed, Question(applications=n), **more)

    plain, moved = made(2), made(2, prefer=prefer)
    assert [p.row for p in plain.picks] == [4, 5] and [p.row for p in moved.picks] == [4, 2]
    assert moved.without_preferences == plain.chance and plain.without_preferences is None
    assert moved.chance.point < plain.chance.point and moved.preferences == tuple(prefer)
    chances = {p.row: p.chance for p in (*plain.picks, *plain.others)}
    assert {p.row: p.chance for p in (*moved.picks, *moved.others)} == chances
    assert {p.row: p.weight for p in (*moved.picks, *moved.others)} == {2: 2.2, 3: 1, 4: 1, 5: 1}
    assert made(4, prefer=prefer).chance == pytest.approx(made(4).chance, rel=1e-12)  # all, in any order


def test_what_a_filter_leaves_out_is_said_and_can_work_no_more(table):
    made = programs(WITHOUT_SIGNALS, WHO, table, Question(applications=4), where=["state=NY|New York"])
    assert [p.program for p in made.picks] == ["A", "D"] and made.parts[0].can_work == 2
    reasons = {d.program: [n.code for n in d.reasons] for d in made.dropped}
    assert reasons == {"B": ["not_wanted"], "C": ["not_wanted"]}
    said = made.to_dict()["dropped"][1]["reasons"][0]["text"]
    assert said == "you want state=NY|New York, it is blank" and made.filters == ("state=NY|New York",)


def test_the_command_takes_states_settings_and_columns(capsys, table):
    words = ["programs", "--table", table.path, "--applicant-type", "non-us-img", "--applications", "3"]
    status, out, _ = run(capsys, *words, "--state", "NY,NJ", "--where", "Base Salary>=50000",
                         "--prefer", "setting=community:3")  # fmt: skip
    assert status == 0 and "your filters (2)" in out and "x3" in out and "without preferences" in out
    assert "Columns not used" not in out
    status, out, error = run(capsys, *words, "--state", "TX")
    assert status == 2 and not out and error.count("\n") == 1 and "no program of the table fits" in error
    assert one_of("state", ["NY, NJ", "TX"]) == ["state=NY|NJ|TX"] and one_of("state", None) == []
