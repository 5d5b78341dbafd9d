"""Two years of one report, the second made of the first by chance, and how people spoil a table."""

import csv
import io
from pathlib import Path

import numpy as np

REPORT = Path(__file__).parents[3] / "data" / "raw" / "charting-outcomes-2026-non-us-img"
COUNTS, SCORES = "counts.csv", "step2_ck.csv"
FIGURES = {COUNTS: slice(1, None), SCORES: slice(2, None)}
Tables = dict[str, list[list[str]]]


def published():
    """The tables of 2026 as printed, headers first."""
    return {file: list(csv.reader(io.StringIO((REPORT / file).read_text("utf-8")))) for file in FIGURES}


def next_year(tables, random):
    """Tables of another year: each figure drawn about the last one's, with a year's usual change."""
    counts, shares = [tables[COUNTS][0]], {}
    for name, *figures in tables[COUNTS][1:]:
        matched, missed, positions, everyone = map(float, figures)
        total = random.poisson((matched + missed) * np.exp(random.normal(0, 0.08)))
        odds = (matched + 0.5) / (missed + 0.5) * np.exp(random.normal(0, 0.15))
        new = random.binomial(total, odds / (1 + odds))
        offered = max(round(positions * np.exp(random.normal(0.01, 0.03))), new)
        preferred = max(round(everyone * np.exp(random.normal(0.01, 0.06))), total)
        shares[name] = {"Matched": new, "Not Matched": total - new}
        counts.append([name, *map(str, (new, total - new, offered, preferred))])
    scores = [tables[SCORES][0]]
    for name, cohort, _, *figures in tables[SCORES][1:]:
        taking = random.binomial(shares[name][cohort], 0.77)
        if figures[0] == "" or taking < 5:
            scores.append([name, cohort, str(taking), *[""] * len(figures)])
            continue
        low, high, middle, sd = (float(figures[k]) for k in (0, 4, 5, 6))
        drawn = np.clip(
            np.round(random.normal(middle + random.normal(1, 1), sd, taking)), low - 3, min(high + 3, 300)
        )
        points = np.quantile(drawn, [0, 0.25, 0.5, 0.75, 1]).round()
        printed = [*points, drawn.mean().round(), drawn.std(ddof=1).round()]
        scores.append([name, cohort, str(taking), *(f"{value:g}" for value in printed)])
    return {COUNTS: counts, SCORES: scores}


def _rows(tables, file):
    return tables[file][1:], FIGURES[file]


def swapped(tables, random, file):
    """Two specialties have one another's figures."""
    rows, figures = _rows(tables, file)
    one, other = random.choice(len(rows), 2, replace=False)
    rows[one][figures], rows[other][figures] = rows[other][figures], rows[one][figures]


def shifted(tables, random, file):
    """Every specialty has its neighbour's figures."""
    rows, figures = _rows(tables, file)
    by = int(random.integers(1, len(rows)))
    moved = [row[figures] for row in rows]
    for row, cells in zip(rows, moved[by:] + moved[:by], strict=True):
        row[figures] = cells


def a_column_sorted(tables, random, file):
    """One column is sorted and the others are not."""
    rows, figures = _rows(tables, file)
    at = int(random.integers(figures.start, len(rows[0])))
    cells = sorted(
        (row[at] for row in rows), key=lambda cell: float(cell or 0), reverse=bool(random.integers(2))
    )
    for row, cell in zip(rows, cells, strict=True):
        row[at] = cell


def doubled(tables, random, file):
    """Every figure twice, as where both types are counted."""
    rows, figures = _rows(tables, file)
    for row in rows:
        row[figures] = [str(2 * float(cell)).removesuffix(".0") if cell else "" for cell in row[figures]]


def times_ten(tables, random, file):
    """One figure ten times as large, or a tenth of it."""
    rows, figures = _rows(tables, file)
    filled = [
        (row, k) for row in rows for k in range(figures.start, len(row)) if row[k] and float(row[k]) >= 10
    ]
    row, k = filled[random.integers(len(filled))]
    row[k] = row[k] + "0" if random.integers(2) else row[k][:-1]


def off_by_a_column(tables, random, file):
    """The figures of a row, or of all rows, stand one column to the right."""
    rows, figures = _rows(tables, file)
    for row in rows if random.integers(2) else [rows[random.integers(len(rows))]]:
        cells = row[figures]
        row[figures] = [cells[-1], *cells[:-1]]


SPOIL = {
    each.__name__: each for each in (swapped, shifted, a_column_sorted, doubled, times_ten, off_by_a_column)
}


def write(folder, tables, year):
    """A source of these tables."""
    folder.mkdir(parents=True, exist_ok=True)
    toml = (REPORT / "source.toml").read_text("utf-8").replace("year = 2026", f"year = {year}")
    head, *blocks = toml.split("[[table]]")
    kept = [block for block in blocks if any(f'"{file}"' in block for file in tables)]
    (folder / "source.toml").write_text("[[table]]".join([head, *kept]), "utf-8")
    for file, rows in tables.items():
        (folder / file).write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")
