"""Which model answers, why, and what it was trained on."""

import os
from typing import Any

from ..report.blocks import Grid, Page, Section, Text
from ..report.wording import type_name
from .file import default_path, shipped_path
from .loaded import Model


def about(model: Model, path: str | None) -> dict[str, Any]:
    """Return what there is to say of a model file.

    Parameters
    ----------
    model
    path
        As it was asked for, None where it was not.
    """
    where = default_path() if path is None else path
    shipped = os.path.realpath(where) == os.path.realpath(shipped_path())
    record = model.record
    return {
        "model": model.name,
        "path": where,
        "why": "asked_for" if path is not None else "ships" if shipped else "newest_here",
        "signed": record.signed,
        "checksum": model.hash,
        "newest_table": model.newest_table,
        "default_cycle": model.default_cycle,
        "draws": record.draw_count,
        "sources": len(record.sources),
        "consent_asked": sum(source.consent for source in record.sources),
        "left_out": [] if record.left_out is None else list(record.left_out.sources),
        "updated": record.updated is not None,
        "calibrated": [kind for kind in model.applicant_types if model.kind(kind).calibration is not None],
        "specialties": {kind: len(model.specialties(kind)) for kind in model.applicant_types},
    }


WHY = {
    "asked_for": "you asked for it",
    "newest_here": "it is the newest models/match-YEAR.json in this folder",
    "ships": "no --model is given, and it is the one that ships",
}


def page(found: dict[str, Any]) -> Page:
    """Return the page that `matchmodel model` prints."""
    own = [
        *(["updated with your own applicants"] if found["updated"] else []),
        *(f"calibrated for {type_name(kind, True)}" for kind in found["calibrated"]),
    ]
    rows = [
        ("file", found["path"]),
        ("why this one", WHY[found["why"]]),
        ("newest table", f"{found['newest_table']}, so it answers for the {found['default_cycle']} Match"),
        (
            "specialties",
            ", ".join(f"{n} for {type_name(kind, True)}" for kind, n in found["specialties"].items()),
        ),
        ("sources", f"{found['sources']}, of which {found['consent_asked']} ask for consent"),
        ("draws", str(found["draws"])),
        ("made by", found["signed"] or "not signed"),
        ("checksum", found["checksum"]),
    ]
    if found["left_out"]:
        rows.append(("left out", ", ".join(found["left_out"])))
    if own:
        rows.append(("your own", ", ".join(own)))
    table = Grid(("what", ""), tuple(rows), frozenset({0, 1}))
    how = "Another one: --model FILE. A new one: matchmodel etl, then matchmodel train."
    return Page(f"Model {found['model']}", (Section("", (table,)), Section("", (Text(how),))))
