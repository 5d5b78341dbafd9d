"""The card's texts that hold no figure: outcome, timing, rating of bias, when to withdraw the model."""

from ...report.blocks import Code, Items, Strong, Text
from .tables import grid

NEVER = "P(apply) and the covariates have never been validated on people."
OUTCOME = (
    Text((
        Strong("Outcome"), """: the applicant matches to the preferred specialty in the Main Residency Match,
as the NRMP counts it on Match Day. The preferred specialty is that of the first program on the rank list.
Positions taken outside the Match or in SOAP do not count, nor do matches in another specialty.""",
    )),
    Text((
        "Two probabilities are given for an international medical graduate (IMG). ", Strong("If you rank"),
        ": of matching, for those who certify a list with at least one program of the specialty. ",
        Strong("If you apply"), """: the same for all who apply, by a further chain, for somebody who
takes part (registers, and certifies a list if invited). Neither is the probability of matching anywhere, nor
what a change would cause: everything is an association. It is a prediction model developed on published
summary tables, without data on single people.""",
    )),
)  # fmt: skip

TIMING = Text((
    """Asked in September, when applications go out: Step 2 CK and attempts so far, year of graduation, months
of US clinical experience, visa need. The tables record applicants as they stood when lists were certified, in
February or March. Somebody whose score came, or whose experience grew, in between stands in the tables with
the later value. So a score that is still pending cannot be answered for. Interviews held (""",
    Code("--interviews"), ") may be given once they are known.",
))  # fmt: skip

_RATINGS = (
    (
        "participants", "unclear",
        "Everybody who certified a list is counted, but scores are those of applicants who consented, and "
        "applicants who rank nobody are in no table.",
    ),
    (
        "predictors", "high",
        "Step 2 CK is the examiners' own figure. Effects of the other covariates come from small, crude or "
        "self-reported studies, some of invitations instead of matches, and from priors.",
    ),
    (
        "outcome", "low",
        "Counted by the NRMP for everybody, the same way for all, without knowledge of the predictors.",
    ),
    (
        "analysis", "high",
        "No data on single people: distributions are reconstructed from quartiles, covariates taken as "
        "independent, no external validation of the covariates or of the chance if you apply.",
    ),
    (
        "overall", "high",
        "Low concern for the level, unclear for Step 2 CK, high for the covariates and for the chance if you "
        "apply.",
    ),
)  # fmt: skip

PROBAST = (
    Text(
        "After PROBAST (Wolff et al., Ann Intern Med 170:51, 2019). It was rated by the people who made the "
        "model, so it is no independent review."
    ),
    grid(("domain", "risk of bias", "why"), _RATINGS, 1, 2),
)

WITHDRAW = (
    Text("Stop using the model, until it is retrained or mended, when any of these is true:"),
    Items((
        "a new report is out: its tables replace these, and answers for older cycles are of no use to "
        "applicants;",
        "the new report shows the forecast's 80% intervals to be too narrow (the 95% binomial interval of "
        "how many rates they hold lies below 80%), or a PGY-1 rate lies outside its 95% interval;",
        (
            "200 applicants or more with known outcomes (", Code("matchmodel evaluate --applicants"),
            ") have a calibration slope whose 95% interval lies below 0.8 or above 1.25, or observed over "
            "expected matches below 0.8 or above 1.25;",
        ),
        "the rules change under it: scoring of Step 2 CK, who may register, what a program signal is, visa "
        "rules for residents;",
        "a publisher of its sources asks for it.",
    )),
)  # fmt: skip
