"""Raw tables as people have them: read right, and what is left out is said; or refused in one line."""

import pytest

from matchmodel.etl.pipeline import gather

KEYS = ('applicant_type = "non-us-img"',)
SCORE = (*KEYS, 'measure = "step2_ck"')
ROWS = "Anesthesiology,263,626\nNeurology,640,33\n"

# layout, file, text, keys, rows of (specialty, first figures), what is said
READ = {
    "a title": ("counts", "a.csv", "Table 1. Counts,,\n,,\nSpecialty,Matched,Not Matched\n" + ROWS,
        KEYS,
        ["Left out (above the header): row 1"]),
    "bars": ("counts", "a.txt", "| Specialty | Matched | Not Matched |\n|---|---:|---:|\n"
        "| Anesthesiology | 263 | 626 |\n"
        "| Neurology | 640 | 33 |\n", KEYS, []),
    "percent matched": ("counts", "a.csv", "Specialty,Matched,Not Matched,Percent Matched\n"
        "Anesthesiology,263,626,29.6%\nNeurology,640,33,95.1%\n", KEYS,
        ["Compared with the others, and left out: Percent Matched"]),
    "IMG in the headers": ("counts", "a.csv",
        "specialty,img_total,img_matched,img_not_matched,img_match_rate_pct\n"
        "Anesthesiology,889,263,626,29.6\nNeurology,673,640,33,95.1\n", KEYS,
        ["Compared with the others, and left out: img_match_rate_pct, img_total"]),
}  # fmt: skip


@pytest.mark.parametrize("layout, file, text, keys, said", READ.values(), ids=READ)
def test_it_is_read(raw, layout, file, text, keys, said):
    found = gather(raw.alone(file, layout, text, *keys).path)
    assert found.problems == ()
    rows = [
        [record.values[name] for name in ("specialty", "matched", "not_matched")]
        for record in found.tables[0][2]
    ]
    assert rows == [["Anesthesiology", 263, 626], ["Neurology", 640, 33]]
    assert [line for _, line in found.said] == said


def test_long_form_with_columns_of_metrics(raw):
    text = ("specialty,metric,metric_key,cohort,n,q1,median,q3,specialty_match_rate\n"
            "Neurology,USMLE Step 2 CK,step2ck,matched,61,240,250,260,50.0\n"
            "Neurology,USMLE Step 2 CK,step2ck,not_matched,62,235,245,255,50.0\n")  # fmt: skip
    found = gather(raw.alone("a.csv", "quartiles", text, *KEYS).path)
    assert found.problems == () and [r.values["median"] for r in found.tables[0][2]] == [250, 245]
    assert [line for _, line in found.said] == [
        "Left out (columns): specialty_match_rate", "Compared with the others, and left out: metric",
    ]  # fmt: skip


def test_means_alone(raw):
    text = (
        "specialty,n_matched,n_unmatched,step2_mean_matched,step2_mean_unmatched\nNeurology,640,33,250,245\n"
    )
    table = raw.alone("a.csv", "means", text, *SCORE).read().table("means")
    assert table[["matched", "not_matched", "matched_mean", "not_matched_mean"]].to_numpy().tolist() == [
        [640, 33, 250, 245]
    ]


NAMES = {
    "Otolaryngology (ENT)": "Otolaryngology",
    "Phys Medicine & Rehab": "Physical Medicine and Rehabilitation",
    "Public Health / Prev Med": "Public Health and Preventive Medicine",
    "Child Neurology (Neurology)": "Child Neurology",
}


def test_names_as_printed_elsewhere(raw):
    text = "Specialty,Matched,Not Matched\n" + "".join(f"{name},1,2\n" for name in NAMES)
    assert raw.alone("a.csv", "counts", text, *KEYS).read().table("counts")["specialty"].tolist() == list(
        NAMES.values()
    )


REFUSED = {
    "a rate of other counts": ("counts", "Specialty,Matched,Not Matched,Percent Matched\nUrology,26,62,40%\n",
        "'40%' contradicts its own counts (expected 29.5%, which is 26 of 88)"),
    "a total of other counts": ("counts", "Specialty,Matched,Not Matched,Total\nUrology,26,62,89\n",
        "'89' is not the sum of the two (expected 88, matched and not matched)"),
    "another type in the headers": ("counts", "Specialty,us_img_matched,us_img_not_matched\nUrology,26,62\n",
        "column us_img_matched: unknown column"),
    "about so many": ("counts", "Specialty,Matched,Not Matched\nUrology,\"~4,100\",2000\n",
        "'~4,100' is not a number"),
    "another measure": ("quartiles", "specialty,metric,cohort,n,q1,median,q3\n"
        "Urology,Step 1,matched,9,2,3,4\n"
        "Urology,Step 1,not matched,9,2,3,4\n", "'Step 1' is another measure (expected step2_ck)"),
    "means of another measure": ("means",
        "Specialty,Matched,Not Matched,step1_mean_matched\nUrology,1,2,230\n",
        "column step1_mean_matched: unknown column"),
}  # fmt: skip


@pytest.mark.parametrize("layout, text, line", REFUSED.values(), ids=REFUSED)
def test_it_is_refused(raw, layout, text, line):
    problems = raw.alone("a.csv", layout, text, *(KEYS if layout == "counts" else SCORE)).problems()
    assert any(line in problem for problem in problems), problems
