"""The sentences of the notes on specialties side by side, by code; the fields stand in braces."""

from ...model.sentences import Template
from ...model.sentences import text as answer_text
from ...model.records import Note
from ...wording import type_name

TEMPLATES: dict[str, Template] = {
    "not_to_be_added": (
        "The chances are for applicants who prefer that specialty, whose experience and letters are in it. They must not be "
        "added up: matches in several depend on the same luck; portfolio takes account of it."
    ),
    "positions_of": "Positions are all that a specialty offered, to applicants of every type, as the table of {people} prints them.",
    "no_positions": "This model file has no published positions: train it again to have them.",
    "flat_slopes": (
        "Nearly flat in Step 2 CK among those who rank it: {specialties}. The score may still help to get interviews there."
    ),
    "no_own_slopes": "Without a slope of its own on Step 2 CK (the mean over specialties, with a wider range): {specialties}.",
    "extrapolated_in": "Extrapolated, since the table saw no such score: {specialties}.",
    "no_chains": "Too few figures on applications and interviews: {specialties}.",
    "usual_unsure_in": "The usual number of applications is unsure, and all that rests on it: {specialties}.",
    "no_fees_of": "No dollars, since applications go through another service than ERAS: {specialties}.",
}


def text(note: Note) -> str:
    """Return the sentence of a note on specialties side by side, or of an answer."""
    template = TEMPLATES.get(note.code)
    if template is None:
        return answer_text(note)
    fields = dict(note.fields)
    if "applicant_type" in fields:
        fields["people"] = type_name(str(fields["applicant_type"]), True)
    return template(fields) if callable(template) else template.format(**fields)
