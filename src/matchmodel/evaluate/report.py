"""The report's text, from results; no figure in it is typed by hand."""


MEANS = ("slope", "mean_error", "coverage", "naive_slope", "naive_error")


def table(headers, rows):
    """Return a Markdown table."""
    lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows])


def held_out_section(held):
    """Return the section on the 2007 report."""
    rows = [
        (h.applicant_type, h.bins["specialty"].nunique(), c.bins, f"{c.persons:,}", f"{c.slope:.3f} ({c.slope_se:.3f})", f"{c.intercept:+.3f}",
         f"{100 * c.mean_error:.2f}", f"{100 * c.floor:.2f}", f"{c.ratio:.3f}", f"{c.auc:.3f}", f"{c.brier:.3f}")
        for h in held for c in [h.calibration]
    ]
    return f"""## Score bins of the 2007 report, which training never saw

Fitted on that report's counts and quartiles alone, through the same steps; its bins predicted at their midpoints. The level is
taken from the applicants with a known score. The floor is what independent binomials at the predicted rates would give.

{table(("type", "specialties", "bins", "applicants", "calibration slope (SE)", "intercept", "mean error, points", "floor", "error / floor", "AUC", "Brier"), rows)}

![Calibration on held-out bins](calibration_2007.png)
"""


def average_section(frames):
    """Return the section on the reference population's average."""
    rows = []
    for kind, frame in frames.items():
        for r in frame.itertuples():
            rows.append((kind, r.specialty, f"{r.applicants:,}", f"{100 * r.published:.1f}", f"{100 * r.model:.1f}", f"{100 * r.averaged:.1f}", f"{100 * (r.averaged - r.published):+.2f}"))
    large = [abs(f.averaged - f.published)[f.applicants >= 100].max() for f in frames.values()]
    return f"""## Averaged over the reference population

Odds averaged over scores and covariates as they are spread in the reference population (20,000 persons drawn a specialty),
against the published rate. Cells under 100 applicants are drawn towards the mean, so they differ on purpose. Largest
difference in cells of 100 or more: {100 * max(large):.2f} points.

{table(("type", "specialty", "applicants", "published %", "model's level %", "averaged %", "averaged - published"), rows)}
"""


def simulation_section(by_strength):
    """Return the section on worlds with known truth."""
    rows = []
    for strength, found in by_strength.items():
        for r in found:
            rows.append((f"x{strength:g}", r.seed, f"{r.slope:.3f}", f"{100 * r.mean_error:.2f}", f"{100 * r.coverage:.0f}", f"{r.naive_slope:.3f}", f"{100 * r.naive_error:.2f}"))
        slope, error, coverage, alone, alone_error = (sum(getattr(r, name) for r in found) / len(found) for name in MEANS)
        rows.append((f"**x{strength:g}**", "**mean**", f"**{slope:.3f}**", f"**{100 * error:.2f}**", f"**{100 * coverage:.0f}**", f"{alone:.3f}", f"{100 * alone_error:.2f}"))
    return f"""## Made-up worlds with known truth

Each world has its own slopes, levels and effects, and covariates tied together as the register's correlations say (or more
strongly). It is published as tables (counts, rounded quartiles of those who consented, small studies with their errors, a survey
of 135), read by the ETL, trained on, and asked for new persons with everything known. The model takes the covariates as independent
within each cohort: what that costs at the measured correlations, and at 2.5 times them, is in these rows.

{table(("correlations", "world", "slope to the true log odds", "mean error, points", "80% ranges holding the truth, %", "slope, score alone", "error, score alone"), rows)}

Single worlds differ by the luck of their small studies; the bars are on the means.
"""


def drift_section(found):
    """Return the section on the drift."""
    rows = [(c.applicant_type, c.ahead, f"{c.inside} of {c.tried}", f"{c.recent_inside} of {c.recent_tried}") for c in found]
    return f"""## The drift, held against later years

80% ranges for each year's rate, from the years up to so many before it.

{table(("type", "years ahead", "inside, all years", "inside, from 2004"), rows)}
"""


def width_section(widths):
    """Return the section on where the range comes from."""
    parts = list(dict.fromkeys(part for found in widths.values() for part in found))
    rows = [(name, *(f"{found[part]:.1f}" if part in found else "" for part in parts)) for name, found in widths.items()]
    return f"""## Where the range comes from

Width of the 80% range in points of probability, each source varying alone (widths add in squares, not in sums).
Internal medicine, non-US IMG, the cycle after the table.

{table(("applicant", *parts), rows)}
"""


def sensitivity_section(frame):
    """Return the section on the grades' widening."""
    rows = [(r.widening, r.applicant, f"{100 * r.p_ranked:.1f}", f"{100 * r.low:.1f} to {100 * r.high:.1f}") for r in frame.itertuples()]
    return f"""## How much the grades' widening matters

Grades widen a register row's variance: A x1, B x1.5, C x2, D x4. This is a choice; these are the answers under others.

{table(("widening", "applicant", "chance %", "80% range"), rows)}
"""


def chain_section(checks, shapes):
    """Return the section on the applications chain."""
    rows = [(c.what, c.published, c.chain, c.why) for c in checks]
    shape_rows = [
        (s.applicant_type, s.bins["specialty"].nunique(), f"{s.slope:.2f}", f"{s.direct_slope:.2f}", f"{s.calibration.slope:.3f} ({s.calibration.slope_se:.3f})", f"{100 * s.calibration.mean_error:.1f}", f"{100 * s.calibration.floor:.1f}")
        for s in shapes
    ]
    ranks = []
    for s in shapes:
        for label, low, high in (("1", 1, 1), ("2", 2, 2), ("3", 3, 3), ("4-5", 4, 5), ("6-8", 6, 8), ("9-12", 9, 12), ("13-15", 13, 15), ("16 or more", 16, 99)):
            g = s.bins[(s.bins["ranks"] >= low) & (s.bins["ranks"] <= high)]
            total = g["total"].sum()
            ranks.append((s.applicant_type, label, f"{total:,.0f}", f"{100 * g['matched'].sum() / total:.1f}", f"{100 * (g['predicted'] * g['total']).sum() / total:.1f}"))
    return f"""## From applications to a match: figures that the chain was not fitted to

{table(("what", "published", "chain", "where the published figure is from, and why they differ"), rows)}

The chain is fitted to mean numbers of ranks and to programs' invitation rates; nothing here was used. It puts more applicants among
those who rank than were observed: the observed shares count everybody who applied to the specialty at all, many of them to a few programs beside another
specialty, while the chain describes somebody who applies to the usual number. That gap is largest in family medicine and general surgery.

### The rank curve's shape, on the 2007 report

That report prints ranks as counts, so quartiles, mean and SD were made from them, reconstructed and fitted like this year's, and held against the counts.

{table(("type", "specialties", "b from summaries", "b from the counts", "calibration slope (SE)", "mean error, points", "sampling noise, points"), shape_rows)}

{table(("type", "ranks", "applicants", "matched %", "predicted %"), ranks)}

Independent applicants (three quarters IMGs) follow the logarithm but for 16 ranks or more, where fewer matched than predicted. US seniors do not: they
match far more often from one or two ranks than the summaries say. The chain is for IMGs; it is not to be used for US seniors.
"""


def assemble(model, sections):
    """Return the whole report."""
    head = f"""# How well {model.name} does

Made by `matchmodel evaluate`; every figure is computed, none is typed. Data up to {model.newest_table}.

![Chance by score](score_curves.png)
"""
    return "\n".join([head, *sections])
