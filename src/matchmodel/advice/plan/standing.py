"""Where an applicant stands in a specialty: strong, borderline or low, by the chance of matching if they
apply.
"""

from typing import Literal

from ...model.answer import Answer

Word = Literal["strong", "borderline", "low", "not known"]
# The least chance, if you apply, of each word. A choice; strong is always more likely than not.
LEAST: tuple[tuple[Word, float], ...] = (("strong", 0.6), ("borderline", 0.25), ("low", 0.0))


def standing(answer: Answer) -> Word:
    """Return the word of an answer's chance if you apply; 'not known' where it is not known."""
    if answer.p_apply is None:
        return "not known"
    return next(word for word, least in LEAST if answer.p_apply.point >= least)


def rule() -> str:
    """Return the rule in words."""
    (strong, most), (middle, least), (low, _) = LEAST
    return (
        f"{strong.capitalize()}: a chance of {100 * most:g}% or more if you apply; {middle}: "
        f"{100 * least:g}% to {100 * most:g}%; {low}: less. The limits are a choice."
    )
