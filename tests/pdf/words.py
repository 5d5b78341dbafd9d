"""Words that random tables are printed with."""

STATISTICS = ["n", "Min", "Q1", "Median", "Q3", "Max", "IQR", "Mean", "SD"]
HEADS = {
    "n": ["n", "N", "No.", "Number of\nApplicants", "Count"],
    "Min": ["Min", "Minimum", "Min."],
    "Q1": ["Q1", "25th\nPercentile", "1st Quartile", "Lower\nQuartile", "25th Percentile"],
    "Median": ["Median", "Median^b", "50th\nPercentile", "MEDIAN"],
    "Q3": ["Q3", "75th\nPercentile", "3rd Quartile", "Upper\nQuartile", "75th Percentile"],
    "Max": ["Max", "Maximum"],
    "IQR": ["IQR", "Interquartile\nRange"],
    "Mean": ["Mean", "Average"],
    "SD": ["SD", "Std Dev", "Std.\nDev.", "Standard\nDeviation", "S.D."],
    "Matched": ["Matched", "Number\nMatched", "matched"],
    "Not Matched": [
        "Not Matched",
        "Not\nMatched",
        "Did Not\nMatch",
        "Unmatched",
        "Did Not Match",
        "NOT MATCHED",
    ],
    "Positions": ["Positions", "Positions\nOffered", "Number of\nPositions"],
    "All Applicants": ["All Applicants", "All\nApplicants"],
    "Specialty": ["Specialty", "Preferred Specialty", "Specialty^1", ""],
    "Cohort": ["Cohort", "Match Status", "Outcome", ""],
    "Bin": ["Bin", "Score", "Range", "Step 2 CK Score", "Step 2 CK\nScore"],
}
COHORT_WORDS = [
    ("Matched", "Not Matched"),
    ("Matched", "Did Not Match"),
    ("Matched", "Unmatched"),
    ("MATCHED", "NOT MATCHED"),
]
SPANS = [
    *COHORT_WORDS,
    ("Matched to Preferred Specialty", "Did Not Match to Preferred Specialty"),
    ("Matched Applicants", "Not Matched Applicants"),
]
SCORE_BINS = ["<= 200", "201-210", "211-220", "221-230", "231-240", "241-250", "251-260", "> 260"]
RANK_BINS = ["1", "2", "3", "4", "5", "6-10", "11-15", "16 or More"]
EXPERIENCE_BINS = ["0", "1-5", "6-10", "11+", "Unknown"]
WITHHELD = ["", "-", "–", "*", "<5", "--", "n/a"]
PROSE = [
    "These figures are made up for a test; they describe no applicants of any year.",
    "Of 1,234 applicants who ranked a program in 2026, 567 matched and 667 did not match.",
    "Pediatrics matched 12 of 45 applicants in a world that does not exist.",
]
