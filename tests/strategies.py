"""Random applicants and questions for a model."""

from hypothesis import strategies as st

from matchmodel import Applicant, Question
from matchmodel.model import Model

KNOWN = {  # covariate -> what an applicant can be given; None is unknown
    "step2_ck": st.none() | st.integers(1, 300) | st.floats(180, 300),
    "usce_months": st.none() | st.floats(0, 120),
    "visa_needed": st.none() | st.booleans(),
}


@st.composite
def applicants_of(draw, model: Model, **fixed):
    """Any applicant that is not refused, of every type, cell and cycle; `fixed` overrides what is drawn."""
    kind = draw(st.sampled_from(model.applicant_types))
    given = {name: draw(values) for name, values in KNOWN.items()}
    given["cycle"] = draw(st.none() | st.integers(model.newest_table - 10, model.newest_table + 10))
    cycle = given["cycle"] or model.default_cycle
    given[draw(st.sampled_from(["yog", "years_since_graduation"]))] = draw(st.none() | st.integers(0, 60))
    if given.get("yog") is not None:
        given["yog"] = cycle - given["yog"]
    for step in ("step1", "step2"):
        if draw(st.booleans()):
            given[step + "_attempts"] = draw(st.none() | st.integers(1, 6))
        else:
            given[step + "_failed"] = draw(st.none() | st.booleans())
    if kind == "us-img" and given["visa_needed"]:
        given["visa_needed"] = None
    specialty = draw(st.sampled_from(model.specialties(kind)))
    return Applicant(**{"specialty": specialty, "applicant_type": kind, **given, **fixed})


def questions():
    """Any question."""
    return st.builds(
        Question,
        applications=st.none() | st.integers(1, 5000),
        target=st.none() | st.floats(0.01, 0.99),
        interviews=st.none() | st.integers(0, 60),
    )
