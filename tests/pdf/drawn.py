"""Random tables, printed with random geometry, and the raw rows that they say. Every figure is made up."""

from dataclasses import dataclass

from matchmodel.specialty import SPECIALTIES, canonical_specialty

from .made import ACROSS, UPRIGHT, Grid, Report, Style, named
from .words import (
    COHORT_WORDS,
    EXPERIENCE_BINS,
    HEADS,
    PROSE,
    RANK_BINS,
    SCORE_BINS,
    SPANS,
    STATISTICS,
    WITHHELD,
)

NAMES = sorted(SPECIALTIES)


@dataclass
class Drawn:
    """A printed PDF and what should be read from it."""

    layout: str
    pages: str
    header: list
    rows: list
    about: dict


class Draw:
    """One random table; `random` is a random.Random."""

    def __init__(self, random):
        self.r = random
        self.chance = lambda p: random.random() < p

    def pick(self, choices):
        return self.r.choice(choices)

    def style(self):
        r = self.r
        return Style(
            self.pick(["Helvetica", "Times-Roman", "Courier"]),
            self.pick([6.5, 7, 8, 9, 10, 11]),
            self.pick([1.05, 1.15, 1.25]),
            r.uniform(2, 9),
            r.uniform(2, 6),
            self.pick(["right", "center", "left", "right"]),
            self.pick(["center", "right", "left"]),
            self.pick(["none", "none", "grid", "levels", "uprights"]),
            self.pick(["top", "middle", "bottom"]),
            self.chance(0.6),
        )

    def number(self, low, high, figures=0):
        """A figure: as printed, and as read."""
        value = self.r.uniform(low, high)
        text = f"{value:,.{figures}f}"
        mark = self.pick(["", "", "", "", "", "", "", "*", "†", "^a", "^1,2"])
        return text + mark, text.replace(",", "")

    def cell(self, low, high, figures=0, withheld=0.06):
        return (self.withheld, "") if self.chance(withheld) else self.number(low, high, figures)

    def specialties(self):
        chosen = self.r.sample(NAMES, self.r.randint(3, 34))
        shown = []
        for name in chosen:
            spelled = self.pick([name, name, *SPECIALTIES[name]])
            shown.append(
                (spelled + self.pick([""] * 8 + ["^a", "*", " [2]"]), spelled)
                if canonical_specialty(spelled) == name
                else (name, name)
            )
        return shown

    def heads(self, names, texts, cohorts=None, each=1, after=0):
        """Header rows: spans where there are cohorts, then each column's words on one or more lines."""
        words = []
        spelled = {name: self.pick(HEADS.get(name, [name])) for name in names}
        if not texts_shown(spelled, names[:texts]) and cohorts is None and not spelled.get("Specialty", "x"):
            spelled["Specialty"] = "Specialty"
        for name in names:
            words.append(spelled[name].split("\n"))
        deep = max(len(word) for word in words)
        top = self.chance(0.25)
        lines = []
        for i in range(deep):
            line = []
            for column, word in enumerate(words):
                at = i if top else i - (deep - len(word))
                if 0 <= at < len(word) and word[at]:
                    line.append((word[at], column, column))
            lines.append(line)
        if cohorts:
            lines.insert(
                0,
                [(cohort, texts + i * each, texts + (i + 1) * each - 1) for i, cohort in enumerate(cohorts)],
            )
        return lines

    # ---- the layouts: each returns columns' names, texts, header lines, rows (cells or title),
    # truth header and truth rows

    def quartiles(self):
        chosen = ["n", "Q1", "Median", "Q3"] + [
            name for name in STATISTICS if name not in ("n", "Q1", "Median", "Q3") and self.chance(0.4)
        ]
        chosen = [name for name in STATISTICS if name in chosen]
        if self.chance(0.15):
            chosen.sort(
                key=lambda name: ["n", "Mean", "SD", "Min", "Q1", "Median", "Q3", "Max", "IQR"].index(name)
            )
        way = self.pick(["side", "side", "each", "once", "title", "turned", "sections"])
        words = self.pick(COHORT_WORDS if way != "side" else SPANS)
        rows, truth = [], []
        sections = [[], []]
        for shown, name in self.specialties():
            pair = [
                [
                    self.cell(3, 4000) if c == "n" else self.cell(1, 300, 1 if c in ("Mean", "SD") else 0)
                    for c in chosen
                ]
                for _ in words
            ]
            if self.chance(0.05):
                pair[1] = [(self.withheld, "")] * len(chosen)
            read = [[cell[1] for cell in cells] for cells in pair]
            told = [
                [name, cohort, *cells] for cohort, cells in zip(("Matched", "Not Matched"), read, strict=True)
            ]
            prints = [[cell[0] for cell in cells] for cells in pair]
            if way == "side":
                rows.append([shown, *prints[0], *prints[1]])
            elif way == "turned":
                rows.append([shown, *(cell for both in zip(*prints, strict=True) for cell in both)])
            elif way == "each":
                rows += [[shown, words[0], *prints[0]], [shown, words[1], *prints[1]]]
            elif way == "once":
                rows += [[shown, words[0], *prints[0]], ["", words[1], *prints[1]]]
            elif way == "title":
                rows += [shown, [words[0], *prints[0]], [words[1], *prints[1]]]
            else:
                for i in (0, 1):
                    sections[i].append(([shown, *prints[i]], told[i]))
            truth += told
        texts = 2 if way in ("each", "once") else 1
        if way == "sections":
            rows = [words[0], *(row for row, _ in sections[0]), words[1], *(row for row, _ in sections[1])]
            truth = [told for part in sections for _, told in part]
        if way == "side":
            head = self.heads(["Specialty", *chosen, *chosen], 1, words, len(chosen))
        elif way == "turned":
            head = [
                [
                    (self.pick(HEADS[c]).replace("\n", " "), 1 + 2 * i, 2 + 2 * i)
                    for i, c in enumerate(chosen)
                ],
                [("Specialty", 0, 0), *((words[i % 2], i + 1, i + 1) for i in range(2 * len(chosen)))],
            ]
        else:
            head = self.heads(
                ["Specialty", "Cohort", *chosen] if texts == 2 else ["Specialty", *chosen], texts
            )
        order = ["Specialty", "Cohort", *(name for name in STATISTICS if name in chosen)]
        back = [0, 1, *(2 + chosen.index(name) for name in order[2:])]
        return way, texts, head, rows, order, [[row[i] for i in back] for row in truth]

    def counts(self):
        extra = self.pick([[], [], ["Positions"], ["Positions", "All Applicants"], ["All Applicants"]])
        share = self.pick([None, None, "% Matched", "Match Rate", "Percent\nMatched"])
        names = ["Specialty", "Matched", "Not Matched", *([share] if share else []), *extra]
        rows, truth = [], []
        for shown, name in self.specialties():
            cells = [self.cell(1, 6000) for _ in range(2 + len(extra))]
            middle = [(f"{self.r.uniform(1, 99):.1f}" + self.pick(["%", ""]), None)] if share else []
            rows.append([shown, *(cell[0] for cell in [*cells[:2], *middle, *cells[2:]])])
            truth.append([name, *(cell[1] for cell in cells)])
        if self.chance(0.3):
            cells = [self.number(9000, 20000) for _ in range(2 + len(extra))]
            rows.append(
                [
                    "All Specialties",
                    *(cell[0] for cell in cells[:2]),
                    *(["50.0%"] if share else []),
                    *(cell[0] for cell in cells[2:]),
                ]
            )
            truth.append(["All Specialties", *(cell[1] for cell in cells)])
        return (
            f"share {share}",
            1,
            self.heads(names, 1),
            rows,
            ["Specialty", "Matched", "Not Matched", *extra],
            truth,
        )

    def bins(self):
        labels = self.pick([SCORE_BINS, RANK_BINS, EXPERIENCE_BINS])
        way = self.pick(["title", "each", "once", "side", "pairs"])
        words = self.pick(COHORT_WORDS)
        rows, truth = [], []
        for shown, name in self.specialties():
            cells = [[self.cell(0, 1500), self.cell(0, 1500)] for _ in labels]
            truth += [[name, label, a[1], b[1]] for label, (a, b) in zip(labels, cells, strict=True)]
            if way == "side":
                rows.append([shown, *(a[0] for a, _ in cells), *(b[0] for _, b in cells)])
            elif way == "pairs":
                rows += [
                    [shown, words[0], *(a[0] for a, _ in cells)],
                    [shown, words[1], *(b[0] for _, b in cells)],
                ]
            else:
                rows += [shown] if way == "title" else []
                for i, (label, (a, b)) in enumerate(zip(labels, cells, strict=True)):
                    first = [] if way == "title" else [shown if way == "each" or i == 0 else ""]
                    rows.append([*first, label, a[0], b[0]])
        texts = 2 if way in ("each", "once", "pairs") else 1
        if way == "side":
            head = self.heads(["Specialty", *labels, *labels], 1, words, len(labels))
        elif way == "pairs":
            head = self.heads(["Specialty", "Cohort", *labels], 2)
        else:
            head = self.heads(
                [*(["Specialty"] if texts == 2 else []), "Bin", "Matched", "Not Matched"], texts
            )
        return way, texts, head, rows, ["Specialty", "Bin", "Matched", "Not Matched"], truth

    # ---- printing

    def onto(self, path):
        """Print it; return what it says."""
        self.withheld = self.pick(WITHHELD)
        layout = self.pick(["quartiles", "quartiles", "counts", "bins"])
        way, texts, head, rows, header, truth = getattr(self, layout)()
        style = self.style()
        columns = max(len(row) for row in rows if not isinstance(row, str))
        size, widths = self.widths(columns, texts, head, rows, style)
        rows = [
            row
            if isinstance(row, str)
            else [
                wrapped(cell, widths[0] - 2 * style.padding, style) if i == 0 else cell
                for i, cell in enumerate(row)
            ]
            for row in rows
        ]
        report, again = Report(path, size), self.chance(0.6)
        left, top = self.r.uniform(30, 45), self.r.uniform(60, 110)
        pages, first = 1, True
        shown = list(rows)
        skip = self.r.randint(0, 1)
        for _ in range(skip):
            report.paragraph(60, 90, PROSE, 10, 13)
            report.turn()
        while shown:
            if first or self.chance(0.5):
                report.text(
                    left,
                    top - 34,
                    ("Table 3. " if first else "") + "Made-up applicants",
                    style.size + 2,
                    "Helvetica-Bold",
                )
            if self.chance(0.5):
                report.text(left, 28, "A made-up report, 2026", 7)
            part, y = [], top
            step = style.size * style.leading
            y += (step + 1) * len(head) + 20
            while shown and y < size[1] - 85:
                row = shown[0]
                y += (
                    1 if isinstance(row, str) else max(cell.count("\n") + 1 for cell in row)
                ) * step + style.row_gap
                part.append(shown.pop(0))
            while shown and part and isinstance(part[-1], str):  # a title stays with its rows
                shown.insert(0, part.pop())
            end = report.table(
                Grid(widths, head, part, texts, style, shade=style.rules == "none" and self.chance(0.3)),
                left,
                top,
                head=first or again,
            )
            if self.chance(0.6):
                report.text(
                    left,
                    end + 14,
                    self.pick(
                        [
                            "* Fewer than 5 of 45 applicants.",
                            "Note: 12 programs, 45 positions.",
                            "Source: a made-up report, 2026.",
                        ]
                    ),
                    7,
                )
                report.text(left, end + 23, "^1 Includes 3 applicants of 2025.", 7)
            report.text(size[0] / 2, size[1] - 25, str(self.r.randint(2, 300)), 9)
            if shown:
                report.turn()
                pages += 1
            first = False
        report.save()
        return Drawn(
            layout,
            f"{skip + 1}-{skip + pages}",
            header,
            truth,
            {"way": way, "style": style, "pages": pages, "again": again, "withheld": self.withheld},
        )

    def widths(self, columns, texts, head, rows, style):
        """Column widths that hold what they print, and a page that holds the columns."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        def wide(text, bold=False):
            font = (
                {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold", "Courier": "Courier-Bold"}[
                    style.font
                ]
                if bold
                else style.font
            )
            return max(stringWidth(part.replace("^", ""), font, style.size) for part in text.split("\n"))

        room = 2 * style.padding + 0.35 * style.size
        widths = [0.0] * columns
        for row in rows:
            if not isinstance(row, str):
                for i, cell in enumerate(row):
                    widths[i] = max(widths[i], wide(cell) + room)
        for line in head:
            for text, a, b in line:
                if a == b:
                    widths[a] = max(widths[a], wide(text, True) + room)
        for line in head:
            for text, a, b in line:
                short = wide(text, True) + room - sum(widths[a : b + 1])
                for i in range(a, b + 1):
                    widths[i] += max(0.0, short) / (b - a + 1)
        titled = any(isinstance(row, str) for row in rows)
        if self.chance(0.6) and not titled:
            words = [word for row in rows for word in row[0].split()]
            heads = [text for line in head for text, a, b in line if a == b == 0]
            widths[0] = max(
                [wide(word) + room for word in words]
                + [wide(text, True) + room for text in heads]
                + [widths[0] * self.r.uniform(0.4, 0.9)]
            )
        if self.chance(0.5):
            widths = [widths[0], *(width + self.r.uniform(0, 25) for width in widths[1:])]
        need = sum(widths) + 90
        size = self.pick([UPRIGHT, ACROSS])
        return (max(size[0], need), size[1]), widths


def texts_shown(spelled, names):
    return any(spelled.get(name) for name in names)


def wrapped(cell, width, style):
    plain, mark, rest = cell.partition("^")
    return named(plain, width, style.font, style.size) + mark + rest
