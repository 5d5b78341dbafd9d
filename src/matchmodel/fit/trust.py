"""How far a cell may be trusted: limits, stated in the docs."""

from ..model.records import Note, Trust, TrustKind

WITHHELD_APPLICANTS, WITHHELD_EITHER, WITHHELD_SD = 15, 2, 0.45
GREY_EITHER, GREY_SD, GREY_GAP = 10, 0.25, 0.8


def trust(matched: float, not_matched: float, level_sd: float, gap: float = 0.0) -> Trust:
    """Return how far a cell may be trusted; the limits are choices, stated in the docs.

    Withheld: fewer than 15 applicants, fewer than 2 matched or not matched, or an SD of the level above 0.45.
    Grey: fewer than 10 of either, SD above 0.25, or the two tables' non-US log odds more than 0.8 apart (US
    IMGs).
    """
    n, least = matched + not_matched, min(matched, not_matched)
    withheld = [
        Note("few_applicants", {"applicants": n, "limit": WITHHELD_APPLICANTS})
        if n < WITHHELD_APPLICANTS
        else None,
        Note("few_of_either", {"matched": matched, "not_matched": not_matched})
        if least < WITHHELD_EITHER
        else None,
        Note("level_unsure", {"sd": round(level_sd, 3)}) if level_sd > WITHHELD_SD else None,
    ]
    grey = [
        Note("few_of_either", {"matched": matched, "not_matched": not_matched})
        if least < GREY_EITHER
        else None,
        Note("level_unsure", {"sd": round(level_sd, 3)}) if level_sd > GREY_SD else None,
        Note("tables_disagree", {"log_odds": round(gap, 2)}) if abs(gap) > GREY_GAP else None,
    ]
    by_kind: tuple[tuple[TrustKind, list[Note | None]], ...] = (("withheld", withheld), ("grey", grey))
    for kind, reasons in by_kind:
        if any(reasons):
            return Trust(kind, tuple(r for r in reasons if r is not None))
    return Trust("ok")
