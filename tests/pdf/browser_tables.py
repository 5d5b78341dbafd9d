# ruff: noqa: E501
"""Random tables as a browser prints them, with what should be read from them. Every figure is made up."""

import html
import random
import subprocess
from dataclasses import dataclass, field
from itertools import product

from matchmodel.pdf.groups import ANY, Choice

NAMES = [
    "Anesthesiology", "Child Neurology", "Dermatology", "Emergency Medicine", "Family Medicine",
    "Internal Medicine", "Internal Medicine/Pediatrics", "Interventional Radiology (Integrated)",
    "Neurological Surgery", "Neurology", "Obstetrics and Gynecology", "Orthopaedic Surgery", "Otolaryngology",
    "Pathology-Anatomic and Clinical", "Pediatrics", "Physical Medicine and Rehabilitation",
    "Plastic Surgery (Integrated)", "Psychiatry", "Radiation Oncology", "Radiology-Diagnostic",
    "Surgery-General", "Transitional (PGY-1 Only)", "Vascular Surgery (Integrated)",
]  # fmt: skip
COHORTS = [
    ("Matched", "Not Matched"), ("Matched", "Did Not Match"), ("Matched", "Unmatched"),
    ("Matched to Preferred Specialty", "Did Not Match to Preferred Specialty"),
    ("Matched", "Did Not<br>Match"), ("Matched", "Not<br>Matched"),
    ("U.S. IMG matched", "U.S. IMG did not match"), ("Non-U.S. IMG matched", "Non-U.S. IMG not matched"),
]  # fmt: skip
STATS = ["n", "Q1", "Median", "Q3"]
HEADS = {
    "n": ["n", "N", "No.", "Number", "Number of<br>Applicants"],
    "Q1": ["Q1", "25th Percentile", "1st Quartile", "25th<br>Percentile", "Lower Quartile"],
    "Median": ["Median", "50th Percentile", "Median"],
    "Q3": ["Q3", "75th Percentile", "3rd Quartile", "75th<br>Percentile", "Upper Quartile"],
    "Mean": ["Mean", "Average"],
    "SD": ["SD", "Std. Dev.", "Standard<br>Deviation"],
}
GROUPS = {
    "applicant_type": ("Non-U.S. IMGs", "U.S. IMGs"),
    "year": ("2027", "2026"),
    "measure": ("USMLE Step 2 CK", "Contiguous ranks"),
}
ASKED = {
    "Non-U.S. IMGs": "non-us-img", "U.S. IMGs": "us-img", "USMLE Step 2 CK": "step2_ck",
    "Contiguous ranks": "contiguous_ranks", "Publications": "publications",
}  # fmt: skip
BINS = ["≤ 200", "201-210", "211-220", "221-230", "231-240", "241-250", "251-260", "> 260"]
PROSE = (
    "These figures describe no applicants of any year. Of 1,234 applicants who ranked a program, 567 matched "
    "and 667 did not match to their preferred specialty. In Pediatrics, 12 of 45 were from the same school. "
)
WITHHELD = ["", "*", "–", "&lt;5"]
Key = tuple[str, str]  # specialty and cohort or bin


@dataclass
class Drawn:
    """A page of HTML, and for each choice what the PDF of it says: cells by specialty and cohort or bin."""

    kind: str
    layout: str
    html: str
    truth: dict[Choice, dict[Key, dict[str, str]]] = field(default_factory=dict)


class Draw:
    """One random table; `kind` is one of KINDS."""

    def __init__(self, seed, kind=None):
        self.r = random.Random(seed)
        self.kind = kind or KINDS[seed % len(KINDS)]
        r = self.r
        self.names = sorted(r.sample(NAMES, r.randint(4, 14)))
        if r.random() < 0.15:
            r.shuffle(self.names)
        self.valign = r.choice(["top", "middle", "bottom", "middle"])
        self.cell_align = r.choice(["top", "middle", "bottom", "top"])
        self.name_width = r.choice([0, 0, 60, 80, 100])
        self.cohort_width = r.choice([0, 0, 45, 60, 80])
        self.rules = r.choice(["", "", "td,th{border:1px solid #666}", "tr{border-bottom:.5px solid #999}",
                               "thead{border-bottom:1px solid}", "td,th{border-bottom:1px solid #bbb}"])  # fmt: skip
        self.shade = r.choice(["", "", "tbody tr:nth-child(even){background:#e8eef4}",
                               "th{background:#d0d0d0}"])  # fmt: skip
        self.comma = r.random() < 0.3
        self.withheld = r.choice(WITHHELD) if r.random() < 0.3 else None
        self.marks = r.random() < 0.25
        self.cell_html = r.choice(["right", "center", "left", "right"])

    def page(self, body):
        r = self.r
        font = r.choice(
            ["Liberation Sans", "Liberation Serif", "DejaVu Sans", "DejaVu Serif", "Latin Modern Roman"]
        )
        caps = "font-variant:small-caps;" if self.kind == "caps" or r.random() < 0.06 else ""
        pad = r.choice(["1px 5px", "2px 6px", "3px 9px", "0 7px", "4px 12px"])
        return (
            f"<meta charset=utf-8><style>@page{{size:{r.choice(['letter', 'A4'])};margin:.7in}}"
            f"body{{font:{r.choice([8, 8.5, 9, 10])}pt '{font}'}}table{{border-collapse:collapse;"
            f"{r.choice(['', '', 'width:100%;'])}}}td,th{{padding:{pad};vertical-align:{self.cell_align}}}"
            f"th{{{caps}text-align:{r.choice(['center', 'left', 'center'])};vertical-align:{r.choice(['bottom', 'top', 'middle'])}}}"
            f"td.n{{text-align:{self.cell_html}}}td.s{{vertical-align:{self.valign};"
            f"{f'width:{self.name_width}px' if self.name_width else ''}}}"
            f"td.c{{{f'width:{self.cohort_width}px' if self.cohort_width else ''}}}"
            f"{self.rules}{self.shade}</style>{body}"
        )  # fmt: skip

    def title(self, words="Table 4. Applicants by specialty"):
        return self.r.choice(
            [f"<h3>{words}</h3>", f"<p><b>{words}</b></p>", f"<h3>{words.split('.')[0]}</h3>"]
        )

    def foot(self):
        return self.r.choice(["", "", "<p>* Fewer than five applicants. Source: made up.</p>",
                              "<p>Note: n is the number of applicants who ranked one program or more.</p>"])  # fmt: skip

    def cell(self, value):
        if self.withheld is not None and self.r.random() < 0.07:
            return self.withheld, ""
        shown = f"{value:,}" if self.comma and isinstance(value, int) else str(value)
        return shown, str(value)

    def td(self, shown):
        return f"<td class=n>{shown}</td>"

    def name(self, name, rows=1, cls="s"):
        mark = "<sup>a</sup>" if self.marks and self.r.random() < 0.2 else ""
        span = f" rowspan={rows}" if rows > 1 else ""
        return f"<td class={cls}{span}>{html.escape(name)}{mark}</td>"

    def quartet(self, measure="USMLE Step 2 CK"):
        r = self.r
        mid, wide = (
            (r.randint(215, 262), r.randint(3, 12))
            if "Step" in measure
            else (r.randint(5, 14), r.randint(1, 4))
        )
        q1, q3 = mid - r.randint(1, wide), mid + r.randint(1, wide)
        return {"n": r.randint(5, 3200 if self.comma else 990), "Q1": q1, "Median": mid, "Q3": q3,
                "Mean": round(mid + r.uniform(-1, 1), 1), "SD": round(r.uniform(2, 15), 1)}  # fmt: skip

    def heads(self, stats):
        return {s: self.r.choice(HEADS[s]) for s in stats}

    # -- counts ---------------------------------------------------------------------------------
    def counts(self, group=None, percent=False, deep=False):
        r = self.r
        two = r.choice(COHORTS[:3])
        over = GROUPS[group] if group else ("",)
        if group and r.random() < 0.5:
            over = over[::-1]
        subs = ["No.", "%"] if percent else [""]
        head = []
        r.random()
        lines = (
            [[""]] + ([[*over]] if group else []) + ([[*two]] if True else []) + ([subs] if percent else [])
        )
        lines = lines[1:]
        for depth, line in enumerate(lines):
            wide = 1
            for below in lines[depth + 1 :]:
                wide *= len(below)
            times = 1
            for above in lines[:depth]:
                times *= len(above)
            first = f"<th rowspan={len(lines)}>Specialty" if depth == 0 else ""
            head.append("<tr>" + first + "".join(f"<th colspan={wide}>{t}" for t in line * times) + "</tr>")
        if deep:
            head.insert(0, f"<tr><th><th colspan={2 * len(over) * len(subs)}>Applicants by outcome</tr>")
        truth = {g: {} for g in over}
        rows = []
        for name in self.names:
            tds = [self.name(name)]
            for g in over:
                pair = [self.cell(r.randint(5, 4000 if self.comma else 990)) for _ in two]
                for shown, _ in pair:
                    tds.append(self.td(shown))
                    if percent:
                        tds.append(self.td(round(r.uniform(5, 95), 1)))
                truth[g][name, ""] = dict(zip(("Matched", "Not Matched"), (v for _, v in pair), strict=True))
            rows.append("<tr>" + "".join(tds) + "</tr>")
        body = (
            self.title()
            + f"<table><thead>{''.join(head)}</thead><tbody>{''.join(rows)}</tbody></table>"
            + self.foot()
        )
        choice = {g: Choice(**{group: ASKED.get(g, g)}) if group else ANY for g in over}
        return "counts", body, {choice[g]: t for g, t in truth.items()}

    # -- quartiles: a row a cohort ---------------------------------------------------------------
    def rowed(self, group=None, spanned=True, one_cell="", extra=()):
        r = self.r
        two = r.choice(COHORTS)
        stats = [*STATS, *extra]
        over = GROUPS[group] if group else ("USMLE Step 2 CK",)
        names = self.heads(stats)
        shown_heads = [names[s] for s in stats]
        if one_cell == "median":
            shown_heads = [names["n"], r.choice(["Median (Q1–Q3)", "Median (IQR)", "Median [Q1–Q3]"])]
        if one_cell == "mean":
            stats = [*STATS, "Mean", "SD"]
            shown_heads = [*[names[s] for s in STATS], r.choice(["Mean (SD)", "Mean ± SD"])]
        cohort_head = r.choice(["Cohort", "Outcome", "Match Status", "Group", ""])
        depth = 2 if group else 1
        head = f"<tr><th rowspan={depth}>Specialty<th rowspan={depth}>{cohort_head}"
        if group:
            head += "".join(f"<th colspan={len(shown_heads)}>{g}" for g in over) + "</tr><tr>"
        head += "".join(f"<th>{h}" for _ in over for h in shown_heads) + "</tr>"
        truth = {g: {} for g in over}
        groups = []
        for name in self.names:
            lines = []
            for i, cohort in enumerate(("Matched", "Not Matched")):
                tds = []
                if i == 0 or not spanned:
                    tds.append(self.name(name, 2 if spanned else 1))
                tds.append(f"<td class=c>{two[i]}</td>")
                for g in over:
                    got = self.quartet(g)
                    if one_cell == "median":
                        dash = r.choice(["–", "-"]) if False else "–"
                        tds += [self.td(got["n"]), self.td(f"{got['Median']} ({got['Q1']}{dash}{got['Q3']})")]
                        truth[g][name, cohort] = {s: str(got[s]) for s in stats}
                        continue
                    cells = {
                        s: self.cell(got[s]) for s in stats if s not in ("Mean", "SD") or one_cell != "mean"
                    }
                    tds += [self.td(shown) for shown, _ in cells.values()]
                    truth[g][name, cohort] = {s: v for s, (_, v) in cells.items()}
                    if one_cell == "mean":
                        pair = (
                            f"{got['Mean']} ({got['SD']})"
                            if "(" in shown_heads[-1]
                            else f"{got['Mean']} ± {got['SD']}"
                        )
                        tds.append(self.td(pair))
                        truth[g][name, cohort] |= {"Mean": str(got["Mean"]), "SD": str(got["SD"])}
                lines.append("<tr>" + "".join(tds) + "</tr>")
            groups.append("".join(lines))
        body = (
            self.title()
            + f"<table><thead>{head}</thead><tbody>{''.join(groups)}</tbody></table>"
            + self.foot()
        )
        choice = {g: Choice(**{group: ASKED.get(g, g)}) if group else ANY for g in over}
        return "quartiles", body, {choice[g]: t for g, t in truth.items()}

    # -- quartiles: cohorts side by side ---------------------------------------------------------
    def beside(self, one_cell=False, group=None):
        r = self.r
        two = r.choice(COHORTS[:4])
        over = GROUPS[group] if group else ("USMLE Step 2 CK",)
        names = self.heads(STATS)
        if r.random() < 0.3 and not one_cell and not group:
            names = {s: s for s in STATS}
        shown = (
            [names["n"], r.choice(["Median (Q1–Q3)", "Median (IQR)"])]
            if one_cell
            else [names[s] for s in STATS]
        )
        deep = 3 if group else 2
        head = f"<tr><th rowspan={deep}>Specialty"
        if group:
            head += "".join(f"<th colspan={2 * len(shown)}>{g}" for g in over) + "</tr><tr>"
        head += "".join(f"<th colspan={len(shown)}>{c}" for _ in over for c in two) + "</tr><tr>"
        head += "".join(f"<th>{h}" for _ in range(2 * len(over)) for h in shown) + "</tr>"
        truth, rows = {g: {} for g in over}, []
        for name in self.names:
            tds = [self.name(name)]
            for g, cohort in product(over, ("Matched", "Not Matched")):
                got = self.quartet(g)
                if one_cell:
                    tds += [self.td(got["n"]), self.td(f"{got['Median']} ({got['Q1']}–{got['Q3']})")]
                    truth[g][name, cohort] = {s: str(got[s]) for s in STATS}
                else:
                    cells = {s: self.cell(got[s]) for s in STATS}
                    tds += [self.td(c) for c, _ in cells.values()]
                    truth[g][name, cohort] = {s: v for s, (_, v) in cells.items()}
            rows.append("<tr>" + "".join(tds) + "</tr>")
        body = (
            self.title() + f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>" + self.foot()
        )
        choice = {g: Choice(**{group: ASKED.get(g, g)}) if group else ANY for g in over}
        return "quartiles", body, {choice[g]: t for g, t in truth.items()}

    # -- a page a specialty ----------------------------------------------------------------------
    def pages(self, what):
        r = self.r
        two = r.choice(COHORTS[:3])
        measures = {"USMLE Step 2 CK score": "USMLE Step 2 CK", "Contiguous ranks": "Contiguous ranks",
                    "Publications": "Publications"}  # fmt: skip
        printed = list(measures)
        if what == "means":
            printed = [
                "Mean number of contiguous ranks",
                "Mean USMLE Step 2 CK score",
                "Mean number of publications",
            ]
            measures = dict(
                zip(printed, ("Contiguous ranks", "USMLE Step 2 CK", "Publications"), strict=True)
            )
        if what == "medians":
            printed = ["Median number of contiguous ranks", "Median USMLE Step 2 CK score"]
            measures = dict(zip(printed, ("Contiguous ranks", "USMLE Step 2 CK"), strict=True))
        r.shuffle(printed)
        self.names = self.names[: r.randint(2, 4)]
        truth = {m: {} for m in measures.values()}
        pages = []
        names = self.heads(STATS)
        for k, name in enumerate(self.names, start=1):
            ns = [r.randint(5, 990) for _ in two]
            if what == "rows":  # quartiles, a row a cohort
                head = "<th>Measure<th>Outcome" + "".join(f"<th>{names[s]}" for s in STATS)
                rows = ""
                for m in printed:
                    for i, cohort in enumerate(("Matched", "Not Matched")):
                        got = self.quartet(measures[m]) | {"n": ns[i]}
                        rows += (
                            "<tr>"
                            + (f"<td class=s rowspan=2>{m}</td>" if i == 0 else "")
                            + f"<td class=c>{two[i]}</td>"
                        )
                        rows += "".join(self.td(got[s]) for s in STATS) + "</tr>"
                        truth[measures[m]][name, cohort] = {s: str(got[s]) for s in STATS}
            else:
                head = f"<th>Measure<th>{two[0]} (n={ns[0]})<th>{two[1]} (n={ns[1]})"
                rows = ""
                stat = "Mean" if what == "means" else "Median"
                for m in printed:
                    rows += f"<tr><td class=s>{m}</td>"
                    for i, cohort in enumerate(("Matched", "Not Matched")):
                        value = str(self.quartet(measures[m])[stat])
                        rows += self.td(value)
                        truth[measures[m]][name, cohort] = {"n": str(ns[i]), stat: value}
                    rows += "</tr>"
            title = r.choice([f"<p>Table {k}. Summary Statistics</p>", ""])
            pages.append(
                f"<div style='break-after:page'><h3>{name}</h3>{title}<table><thead><tr>{head}</tr></thead>{rows}</table></div>"
            )
        return "quartiles", "".join(pages), {Choice(measure=ASKED[m]): t for m, t in truth.items()}

    # -- bins -------------------------------------------------------------------------------------
    def bins(self, wide):
        r = self.r
        bins = BINS[r.randint(0, 3) :] if not wide else BINS[:4] + ["> 230"]
        self.names = self.names[: r.randint(3, 7)]
        truth, rows = {}, ""
        two = r.choice(COHORTS[:3])
        for name in self.names:
            got = {b: [self.cell(r.randint(0, 900)) for _ in two] for b in bins}
            for b in bins:
                truth[name, b] = dict(zip(("Matched", "Not Matched"), (v for _, v in got[b]), strict=True))
            if wide:
                for i, c in enumerate(two):
                    rows += "<tr>" + (self.name(name, 2) if i == 0 else "") + f"<td class=c>{c}</td>"
                    rows += "".join(self.td(got[b][i][0]) for b in bins) + "</tr>"
            else:
                for k, b in enumerate(bins):
                    rows += (
                        "<tr>" + (self.name(name, len(bins)) if k == 0 else "") + f"<td>{html.escape(b)}</td>"
                    )
                    rows += "".join(self.td(shown) for shown, _ in got[b]) + "</tr>"
        if wide:
            head = "<tr><th>Specialty<th>Cohort" + "".join(f"<th>{html.escape(b)}" for b in bins) + "</tr>"
        else:
            head = f"<tr><th>Specialty<th>Score<th>{two[0]}<th>{two[1]}</tr>"
        body = self.title() + f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" + self.foot()
        return "bins", body, {ANY: truth}

    # -- prose beside the table -------------------------------------------------------------------
    def prose(self):
        layout, body, truth = self.counts() if self.r.random() < 0.5 else self.rowed(spanned=True)
        text = PROSE * self.r.randint(1, 4)
        order = [f"<div style='flex:1;min-width:120px'>{text}</div>", f"<div>{body}</div>"]
        self.r.shuffle(order)
        return layout, f"<div style='display:flex;gap:24px'>{''.join(order)}</div>", truth

    def iqr(self):
        """Median beside a plain IQR: a width, or a range in one cell; neither has quartiles of its own."""
        r = self.r
        two = r.choice(COHORTS[:3])
        ranged = r.random() < 0.6
        truth, rows = {}, ""
        for name in self.names:
            for i, cohort in enumerate(("Matched", "Not Matched")):
                got = self.quartet()
                rows += (
                    "<tr>"
                    + (self.name(name, 2) if i == 0 else "")
                    + f"<td class=c>{two[i]}</td>"
                    + self.td(got["n"])
                )
                rows += (
                    self.td(got["Median"])
                    + self.td(f"{got['Q1']}–{got['Q3']}" if ranged else got["Q3"] - got["Q1"])
                    + "</tr>"
                )
                truth[name, cohort] = {"n": str(got["n"]), "Median": str(got["Median"])}
                truth[name, cohort] |= (
                    {"Q1": str(got["Q1"]), "Q3": str(got["Q3"])}
                    if ranged
                    else {"IQR": str(got["Q3"] - got["Q1"])}
                )
        head = (
            f"<tr><th>Specialty<th>Outcome<th>n<th>Median<th>{r.choice(['IQR', 'Interquartile Range'])}</tr>"
        )
        return (
            "quartiles",
            self.title() + f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" + self.foot(),
            {ANY: truth},
        )

    def means(self):
        """Means alone, a row a specialty."""
        r = self.r
        two = r.choice(COHORTS[:3])
        truth, rows = {}, ""
        for name in self.names:
            rows += "<tr>" + self.name(name)
            for _i, cohort in enumerate(("Matched", "Not Matched")):
                got = self.quartet()
                rows += self.td(got["n"]) + self.td(got["Mean"]) + self.td(got["SD"])
                truth[name, cohort] = {s: str(got[s]) for s in ("n", "Mean", "SD")}
            rows += "</tr>"
        head = (
            f"<tr><th rowspan=2>Specialty<th colspan=3>{two[0]}<th colspan=3>{two[1]}</tr><tr>"
            + "<th>n<th>Mean<th>SD" * 2
            + "</tr>"
        )
        return (
            "quartiles",
            self.title() + f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" + self.foot(),
            {ANY: truth},
        )

    def long(self):
        self.names = sorted(NAMES)
        return self.rowed(spanned=self.r.random() < 0.7)

    def drawn(self):
        make = {
            "rowed": lambda: self.rowed(spanned=True), "each": lambda: self.rowed(spanned=False),
            "counts": self.counts, "types": lambda: self.counts("applicant_type"),
            "years": lambda: self.counts("year"), "percent": lambda: self.counts(percent=True),
            "deep": lambda: self.counts(self.r.choice(["year", "applicant_type"]), deep=True),
            "measures": lambda: self.rowed("measure", spanned=self.r.random() < 0.6),
            "rowed types": lambda: self.rowed("applicant_type"),
            "beside": self.beside, "beside cell": lambda: self.beside(one_cell=True),
            "beside types": lambda: self.beside(one_cell=True, group="applicant_type"),
            "median cell": lambda: self.rowed(spanned=self.r.random() < 0.6, one_cell="median"),
            "mean cell": lambda: self.rowed(spanned=self.r.random() < 0.6, one_cell="mean"),
            "mean sd": lambda: self.rowed(extra=("Mean", "SD")), "means": self.means,
            "page means": lambda: self.pages("means"), "page medians": lambda: self.pages("medians"),
            "page rows": lambda: self.pages("rows"), "bins": lambda: self.bins(False),
            "wide bins": lambda: self.bins(True), "prose": self.prose, "iqr": self.iqr, "long": self.long,
            "caps": self.counts,
        }  # fmt: skip
        layout, body, truth = make[self.kind]()
        return Drawn(self.kind, layout, self.page(body), truth)


KINDS = [
    "rowed", "each", "counts", "types", "years", "percent", "deep", "measures", "rowed types", "beside",
    "beside cell", "beside types", "median cell", "mean cell", "mean sd", "means", "page means",
    "page medians", "page rows", "bins", "wide bins", "prose", "iqr", "long", "caps",
]  # fmt: skip


def draw(seed, kind=None):
    return Draw(seed, kind).drawn()


def printed(drawn, path):
    """Print a page with Chromium to a PDF beside its HTML."""
    page = path.with_suffix(".html")
    page.write_text(drawn.html, encoding="utf-8")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--print-to-pdf={path}", str(page)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return path
