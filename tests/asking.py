"""What the tests of asking share: the model that ships, random applicants, and the command line in process."""

from hypothesis import strategies as st

from matchmodel import Applicant, load_model
from matchmodel.cli import main

MODEL = load_model()
KINDS = {kind: MODEL.specialties(kind) for kind in MODEL.applicant_types}
KNOWN = {  # covariate -> what an applicant can be given; None is unknown
    "step2_ck": st.none() | st.integers(1, 300) | st.floats(180, 300),
    "usce_months": st.none() | st.floats(0, 120),
    "visa_needed": st.none() | st.booleans(),
}


@st.composite
def applicants(draw, **fixed):
    """Any applicant that is not refused, of every type, cell and cycle; `fixed` overrides what is drawn."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    given = {name: draw(values) for name, values in KNOWN.items()}
    given["cycle"] = draw(st.none() | st.integers(MODEL.newest_table - 10, MODEL.newest_table + 10))
    cycle = given["cycle"] or MODEL.default_cycle
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
    return Applicant(**{"specialty": draw(st.sampled_from(KINDS[kind])), "applicant_type": kind, **given, **fixed})


def run(capsys, *words):
    """Run the command line; (status, standard output, standard error)."""
    try:
        status = main([str(word) for word in words])
    except SystemExit as stop:  # argparse's own refusals
        status = stop.code
    captured = capsys.readouterr()
    return status, captured.out, captured.err
