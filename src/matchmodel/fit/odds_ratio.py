"""US IMGs against non-US IMGs inside a specialty (step 4)."""

import numpy as np

from .pooling import pool


def us_log_odds_ratios(table, specialties):
    """Pool the log odds ratios of matching, US IMGs against non-US IMGs, over specialties.

    log OR = log(a/b) - log(c/d) from matched and not matched among those who ranked the
    specialty anywhere, variance 1/a + 1/b + 1/c + 1/d; a table with a zero cell takes a half
    in all four (Haldane-Anscombe). Specialties that `specialties` does not name (preliminary
    and combined tracks) help nobody and are left out; so are those that one group did not rank.

    Parameters
    ----------
    table : pandas.DataFrame
        The tidy ranked_anywhere table, the newest year of which is used.
    specialties : sequence of str

    Returns
    -------
    Pool
        In the order of `specialties`.
    """
    table = table[table["year"] == table["year"].max()].set_index("specialty")
    values, ses = [], []
    for specialty in specialties:
        if specialty not in table.index:
            values.append(np.nan)
            ses.append(np.inf)
            continue
        row = table.loc[specialty]
        a, c = float(row["us_img_matched"]), float(row["non_us_img_matched"])
        b, d = float(row["us_img_ranked"]) - a, float(row["non_us_img_ranked"]) - c
        if a + b == 0 or c + d == 0:
            values.append(np.nan)
            ses.append(np.inf)
            continue
        if min(a, b, c, d) == 0:
            a, b, c, d = a + 0.5, b + 0.5, c + 0.5, d + 0.5
        values.append(np.log(a / b) - np.log(c / d))
        ses.append(np.sqrt(1 / a + 1 / b + 1 / c + 1 / d))
    return pool(values, ses)


def score_shift(table):
    """Return by how much US IMGs' Step 2 CK medians differ from non-US IMGs', in points.

    The median program's median invited score, US IMG less non-US IMG (sheet
    invited-step2). Evidence from one specialty's invited applicants, carried over to those
    who rank, in every specialty.

    Returns
    -------
    tuple of float or None
        The shift and its standard error; the error is the shift's spread over the table's
        quantiles of programs between 0.25 and 0.75 plus one specialty's worth of doubt (half
        the shift), since nothing tells how it differs elsewhere. None without the table.
    """
    rows = table[table["statistic"] == "median"]
    wide = rows.pivot_table(index="quantile", columns="applicant_type", values="step2_ck")
    if not {"us-img", "non-us-img"} <= set(wide.columns) or 0.5 not in wide.index:
        return None
    gap = (wide["us-img"] - wide["non-us-img"]).dropna()
    shift = float(gap.loc[0.5])
    middle = gap[(gap.index >= 0.25) & (gap.index <= 0.75)]
    return shift, float(np.hypot(middle.std(ddof=0), shift / 2))
