"""Made-up tidy tables for the tests: short rows in, the tables that the ETL would hand over out."""

from matchmodel.etl import Source, Tidy
from matchmodel.etl.tidy import make_table

QUARTILES = ("n", "min", "q1", "median", "q3", "max", "mean", "sd")


def source(name, year=2026):
    """Return a made-up source."""
    return Source(name, f"Made up: {name}", "nobody", year, "B", "none", False, "", "training", "0" * 64)


def tidy(**tables):
    """Return a `Tidy` of {layout: rows}; source_id, year and applicant_type have defaults."""
    made, ids = {}, {}
    for layout, rows in tables.items():
        full = [
            {
                "source_id": "made",
                "year": 2026,
                "applicant_type": "non-us-img",
                "grade": "B",
                "source": "made",
                **row,
            }
            for row in rows
        ]
        made[layout] = make_table(layout, full)
        ids |= {row["source_id"]: source(row["source_id"], row["year"]) for row in full}
    return Tidy(ids, {name: table for name, table in made.items() if len(table)})


def counts(specialty, matched, not_matched, **more):
    """Return a row of counts; None is a suppressed one."""
    return {"specialty": specialty, "matched": matched, "not_matched": not_matched, **more}


def quartiles(specialty, matched, not_matched, measure="step2_ck", **more):
    """Return the two rows of a quartiles table.

    Each cohort is (n, min, q1, median, q3, max, mean, sd), None where blank.
    """
    return [
        {
            "specialty": specialty,
            "measure": measure,
            "cohort": cohort,
            **dict(zip(QUARTILES, values, strict=False)),
            **more,
        }
        for cohort, values in (("matched", matched), ("not_matched", not_matched))
    ]


def bins(specialty, edges, matched, not_matched, measure="step2_ck", **more):
    """Return the rows of a bins table; `edges` are (low, high), None at an open end."""
    return [
        {
            "specialty": specialty,
            "measure": measure,
            "bin": f"{low}-{high}",
            "low": low,
            "high": high,
            "matched": m,
            "not_matched": f,
            **more,
        }
        for (low, high), m, f in zip(edges, matched, not_matched, strict=True)
    ]


HIGH = (400, 210, 240, 251, 259, 284, 249, 14)
LOW = (400, 209, 233, 243, 253, 279, 242, 14)
BLANK = (3,)


def three_specialties(**more):
    """Return counts and quartiles of three specialties, the third suppressed."""
    return {
        "counts": [
            counts("Internal Medicine", 500, 500, **more),
            counts("Family Medicine", 420, 600, **more),
            counts("Dermatology", 4, 20, **more),
        ],
        "quartiles": [
            *quartiles("Internal Medicine", HIGH, LOW, **more),
            *quartiles("Family Medicine", HIGH, LOW, **more),
            *quartiles("Dermatology", BLANK, BLANK, **more),
        ],
    }
