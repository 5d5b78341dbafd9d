"""Where an applicant stands in a specialty: strong, borderline or low, by a stated rule.

Standard library only.
"""

from collections import namedtuple

STRONG, BORDERLINE, LOW, UNKNOWN = "strong", "borderline", "low", "not known"
# The rule is a choice, made of the model's own terms: the 80% range of P(match | ranked) against the average of those who rank the specialty.
RULE = (
    "Strong: the low end of the 80% range of the chance, given at least one ranked program, lies above the average of applicants of the same type who rank the specialty. "
    "Low: its high end lies below that average. Borderline: the range holds it. The rule is a choice, and it compares with others who rank the same specialty: strong in a hard one can still be less than an even chance."
)


class Standing(namedtuple("Standing", "word p low high average why")):
    """Where an applicant stands.

    Attributes
    ----------
    word : {'strong', 'borderline', 'low', 'not known'}
        'not known' where nothing but specialty and type is.
    p, low, high : float
        P(match | ranked) and its 80% range.
    average : float
        The specialty's, for the applicant type.
    why : str
        In words.
    """

    __slots__ = ()


def word_of(low, high, average):
    """Return the word of a range against an average; an end that touches it does not clear it.

    Parameters
    ----------
    low, high, average : float
    """
    return STRONG if low > average else LOW if high < average else BORDERLINE


_WHY = {
    STRONG: "the whole 80% range lies above the average",
    LOW: "the whole 80% range lies below the average",
    BORDERLINE: "the 80% range holds the average",
    UNKNOWN: "nothing but specialty and type is known, so the answer is the average",
}


def standing(answer):
    """Return the `Standing` of an answer.

    Parameters
    ----------
    answer : matchmodel.answer.Answer
    """
    word = word_of(answer.p_ranked_low, answer.p_ranked_high, answer.average) if answer.likelihood_ratios else UNKNOWN
    return Standing(word, answer.p_ranked, answer.p_ranked_low, answer.p_ranked_high, answer.average, _WHY[word])
