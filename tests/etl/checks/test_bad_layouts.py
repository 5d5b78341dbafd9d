"""What each layout alone can say wrong: refused with file, row and column, and every file left as it was."""

import pytest

from matchmodel.etl.layouts import LAYOUTS

from ..case_tables import PLAIN, Case

# a layout's own: text, and the beginnings of the lines that name row and column
OWN = {
    "quartiles out of order": ("quartiles", "238,247,255", "248,247,255",
        ["row 2, column Q1: '248' is above the Median (expected at most the Median, 247)"]),
    "min above Q1": ("quartiles", "201,238", "239,238",
        ["row 2, column Min: '239' is above the Q1 (expected at most the Q1, 238)"]),
    "mean outside": ("quartiles", "246.4", "199", ["row 2, column Mean: '199' is outside its own range"]),
    "a score beyond the scale": ("quartiles", "281", "2811", ["row 2, column Max: '2811' is above 300"]),
    "a cohort without the other": ("quartiles", "Dermatology,Not Matched,12,,,,,,,\n", "",
        ["row 4, column Cohort: 'Matched' stands without its Not Matched row"]),
    "one quartile alone": ("quartiles", "Matched,7,,,,,,,", "Matched,7,,230,,,,,",
        ["row 4, column Median: '' is blank beside the others"]),
    "matched above all applicants": ("counts", "12001", "6999",
        ["row 2, column All Applicants: '6999' is too few"]),
    "bins that overlap": ("bins", "221-250", "220-250",
        ["row 3, column Bin: '220-250' overlaps another bin"]),
    "matched above ranked": ("ranked_anywhere", "2715,1311", "1310,1311",
        ["row 2, column US IMG Matched: '1311' is more than there were"]),
    "a rate against its counts": ("rates", "60,4000", "62,4000",
        ["row 3, column Match Rate Pct: '62' contradicts its own counts"]),
    "matched above active": ("rates", "60,4000,2400", "60,4000,4001",
        ["row 3, column Matched PGY1: '4001' is more than there were"]),
    "a standard error of zero": ("effects", "0.4,0.08", "0.4,0", ["row 2, column SE: '0' is not above 0"]),
    "a source that names no row": ("effects", "C,a study", "C,as nobody",
        ["row 2, column Source: 'as nobody' names no row"]),
    "a pair turned round": ("correlations", "step2_ck,visa_needed", "usce_months,step2_ck",
        ["row 3: repeats row 2"]),
    "a scale misspelt": ("effects", "log_odds_invitation", "log_odd_invitation",
        ["row 3, column Scale: 'log_odd_invitation' is no known scale (expected log_odds_invitation, one of "
        "log_odds_match, log_interview_rate,"]),
    "a covariate misspelt": ("effects", "three,usce_months", "three,usce_month",
        ["row 4, column Covariate: 'usce_month' is no known covariate "
        "(expected usce_months, one of step2_ck,"]),
    "a unit misspelt": ("effects", "10 points,log_odds_match", "10 pionts,log_odds_match",
        ["row 2, column Unit: '10 pionts' is no known unit (expected 10 points, one of 10 points,"]),
    "another covariate's unit": ("effects", "month,log", "yes vs no,log",
        ["row 4, column Unit: 'yes vs no' is no unit of usce_months (expected 3 months (capped at 12 months) "
        "or 3 months or 1 month or month)"]),
    "all specialties in a register": ("effects", "1086,Neurology", "1086,All",
        ["row 2, column Specialty: 'All' is no known specialty"]),
    "an estimate without its unit": ("effects", "10 points,log_odds_match", ",log_odds_match",
        ["row 2, column Unit: '' is blank beside an estimate (expected 10 points)"]),
    "an error without its estimate": ("effects", "-0.3,0.2", ",0.2",
        ["row 3, column Estimate: '' is blank beside the other"]),
    "an adjustment misspelt": ("effects", "usce_months; age", "usce_months; aeg",
        ["row 2, column Adjusted For: 'usce_months; aeg' is no known word for what an effect is adjusted "
        "for: 'aeg' (expected age, one of step2_ck,"]),
    "nothing and something": ("effects", "nothing", "nothing; age",
        ["row 3, column Adjusted For: 'nothing; age' says 'nothing' beside other words (expected 'nothing', "
        "or words apart by semicolons"]),
    "a variant of nobody": ("effects", "four,made up", "five,made up",
        ["row 4, column Variant Of: 'five' names no other row "
        "(expected the id of another effect, or a blank)"]),
    "a variant of itself": ("effects", "four,made up", "three,made up",
        ["row 4, column Variant Of: 'three' names no other row"]),
    "a variant of another covariate": ("effects", "four,made up", "one,made up",
        ["row 4, column Variant Of: 'one' is a row of step2_ck (expected a row of usce_months)"]),
    "a measure of no list": ("correlations", "step2_ck,visa_needed", "step2_ck,visa_nedeed",
        ["row 3, column Measure B: 'visa_nedeed' is no known covariate (expected visa_needed, one of "
        "step2_ck,"]),
    "a count withheld": ("population", "1097", "<5",
        ["row 2, column Count: '<5' has neither a count nor a share (expected a count or a share)"]),
    "a count and a share": ("population", "38,,", "38,0.3,",
        ["row 3, column Share: '0.3' stands beside a count (expected a count or a share, not both)"]),
    "an error of a count": ("population", "38,,", "38,,0.3",
        ["row 3, column SE: '0.3' stands beside no share (expected the standard error of a share)"]),
    "neither yes nor no in a population": ("population", "step1_failed,yes", "step1_failed,1",
        ["row 4, column Value: '1' is no value of step1_failed (expected yes or no)"]),
    "a type that no population has": ("population", "non-us-img", "us-senior",
        ["row 5, column Applicant Type: 'us-senior' is no known type of IMG (expected one of img, us-img, "
        "non-us-img"]),
    "all programs, and not said how many": ("invitations", "0.05,40,1602", "0.05,40,",
        ["row 3, column Programs Listed: '' is blank (expected how many programs there are, or 'sample' in a "
        "column Coverage)"]),
    "a coverage of no list": ("invitations", ",sample", ",smaple",
        ["row 4, column Coverage: 'smaple' is no known coverage (expected sample, one of all, sample)"]),
    "a mean rate beyond 1": ("invitation_means", "0.06,0.05", "6,0.05",
        ["row 2, column Application Weighted: '6' is above 1"]),
    "a quantity misspelt": ("participation", "share_certified", "share_certfied",
        ["row 5, column Quantity: 'share_certfied' is no known quantity (expected share_certified, one of "
        "applications_per_applicant,"]),
    "a share above 1": ("participation", "0.8,0.01", "80,0.01",
        ["row 5, column Value: '80' is above 1, and share_certified is a share (expected a proportion "
        "between 0 and 1)"]),
    "a value outside its range": ("participation", "80,97", "90,97",
        ["row 2, column Low: '90' is above the Value (expected at most the Value, 88.5)"]),
    "more lists than registered": ("participation", "48050", "58050",
        ["row 4, column Value: '58050' is more than there were (expected at most 53373, those registered)"]),
    "more first choices than ranked it": ("first_choices", "80,101", "102,101",
        ["row 3, column First Choice: '102' is more than there were (expected at most 101, those who ranked "
        "it)"]),
    "a visa rate against its counts": ("visa_outcomes", "50.5,", "54.4,",
        ["row 2, column Match Rate Pct: '54.4' contradicts its own counts (expected 50.5%, which is 5050 of "
        "10000)"]),
    "more matched than applied": ("visa_outcomes", "5050", "10050",
        ["row 2, column Matched: '10050' is more than there were (expected at most 10000, the applicants)"]),
    "more matched than invited": ("invited_interviews", "15,4", "15,16",
        ["row 3, column Matched: '16' is more than there were (expected at most 15, the applicants)"]),
    "ranges of invitations that overlap": ("invited_interviews", "1-2", "1-12",
        ["row 4, column Invitations: '10+' overlaps another bin (expected bins apart; row 3 has 1-12)"]),
    "a mean beyond the scale": ("means", "236.5", "2365",
        ["row 2, column Matched Mean: '2365' is above 300 (expected a Step 2 CK between 1 and 300"]),
    "more programs than listed": ("invitations", "0.05,40", "0.05,600",
        ["row 3, column Programs: 'Programs' sums to 1603"]),
    "a mean of none": ("applications", "172.5", "0", ["row 2, column Mean Applications: '0' is not above 0"]),
    "All left blank": ("applicants_total", "2025,All", "2025,", ["row 2, column Specialty: '' is blank"]),
    "a fact without its value": ("exam_reference", "249.5", "", ["row 3, column Value: '' is blank"]),
    "a passing score without its day": ("exam_reference", "2022-07-01", "",
        ["row 2, column From: '' is blank (expected the day from which the passing score holds, such as "
        "2025-07-01)"]),
    "a day that is none": ("exam_reference", "2022-07-01", "2022-13-01",
        ["row 2, column From: '2022-13-01' is no date (expected a date such as 2025-07-01"]),
    "an item misspelt": ("exam_reference", "passing_score", "passing_scoer",
        ["row 2, column Item: 'passing_scoer' is no known item (expected passing_score, one of "
        "passing_score, scale_low,"]),
    "a group twice": ("invitation_groups", "non-us-img,4.65", "us-md,4.65", ["row 3: repeats row 2"]),
    "a statistic of no list": ("invited_step2", "p10,0,", "p1,0,",
        ["row 2, column Statistic of Invited: 'p1' is no known statistic (expected p10, one of p10, q1, "
        "median, q3, p90)"]),
    "means out of order": ("invited_step2_means", "235,244.5", "245,244.5",
        ["row 2, column Mean Q1: '245' is above the Mean Median (expected at most the Mean Median, 244.5)"]),
    "a fact without a figure": ("facts", "0.47", "",
        ["row 2, column Value: '' is blank (expected a figure, or Low and High)"]),
    "a range turned round": ("facts", "0.5,0.75", "0.75,0.5",
        ["row 4, column Low: '0.75' is above the High (expected at most the High, 0.5)"]),
    "a score of 0": ("invited_step2", "0,216", "0,0", ["row 2, column Step 2 CK: '0' is below 1"]),
    "a step that ends first": ("fees", "ERAS,1,30", "ERAS,31,30",
        ["row 2, column To Program: '30' ends before it begins"]),
    "a fee of a specialty that is none": ("fees", "ERAS,31,", "A portal (emergensy medicine),31,",
        ["row 3, column Service: 'A portal (emergensy medicine)' is no known specialty (expected Emergency "
        "Medicine or"]),
    "a total withheld": ("signals", ",,8", ",,–", ["row 3, column Total: '–' is blank"]),
    "a spread of none": ("practice_tests", ",0,15", ",0,0",
        ["row 3, column Residual SD Points: '0' is not above 0"]),
    "an outcome left blank": ("applicants", "2026,no", "2026,", ["row 3, column matched: '' is blank"]),
    "two faults at once": ("counts", "3412,3588", "x,-3", ["row 2, column Matched: 'x' is not a number",
        "row 2, column Not Matched: '-3' is negative"]),
}  # fmt: skip


def test_every_layout_has_its_own():
    assert {layout for layout, *_ in OWN.values()} == set(LAYOUTS)


@pytest.mark.parametrize("layout, old, new, lines", OWN.values(), ids=OWN)
def test_a_contradiction_is_refused_and_nothing_is_touched(raw, ended, layout, old, new, lines):
    text = PLAIN[layout][1]
    assert text.count(old) == 1
    Case(layout, "a.csv", text.replace(old, new).encode(), PLAIN[layout][0]).put(raw)
    ended([f"report/a.csv: {line}" for line in lines])
