"""The claims table of a guide: read, checked, and its specialties found in the model."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from matchmodel.errors import RefusedInput, UnknownSpecialty
from matchmodel.model import Model
from matchmodel.specialty import canonical_specialty

COLUMNS = ("claim_id", "topic", "specialties", "claim")
ALL = "all"
# The guide itself names these four together for low scores.
GROUPS = {"broad specialties": ("Internal Medicine", "Family Medicine", "Pediatrics", "Psychiatry")}
_STEP = re.compile(r"\bStep\s+[123](?:\s+CK)?\b", re.IGNORECASE)  # the 2 of Step 2 CK is no figure of a claim
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_KIND_OF_PROGRAM = re.compile(
    r"\((community|academic|university)\)|\b(community|academic|university)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Claim:
    """One claim of a guide, paraphrased.

    Attributes
    ----------
    claim_id, topic, claim
    specialties
        As written: names, 'all', or a group of `GROUPS`.
    """

    claim_id: str
    topic: str
    specialties: tuple[str, ...]
    claim: str

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers of the claim, in order; those that name a Step are none."""
        return tuple(float(n) for n in _NUMBER.findall(_STEP.sub("", self.claim)))


@dataclass(frozen=True)
class Named:
    """A claim's specialties, as a model has them.

    Attributes
    ----------
    known
        Canonical names that the model has.
    missing
        Names that it has not, as written.
    kinds
        Kinds of program that the claim tells apart (academic, community), and no table of outcomes does.
    """

    known: tuple[str, ...]
    missing: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Specialties that the claim names."""
        return len(self.known) + len(self.missing)

    @property
    def most(self) -> int:
        """The least number of specialties that is more than half of those named."""
        return self.count // 2 + 1


def read_claims(path: str | Path) -> tuple[Claim, ...]:
    """Return the claims of a table.

    Parameters
    ----------
    path
        A CSV file with the columns claim_id, topic, specialties (separated by semicolons) and claim.

    Raises
    ------
    RefusedInput
        For other columns, an empty field, or an id that stands twice; every problem on its own line.
    """
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            there = ", ".join(reader.fieldnames or ()) or "none"
            raise RefusedInput(f"the claims table has the columns {there}; it needs {', '.join(COLUMNS)}")
        rows = list(reader)
    problems, claims = [], []
    seen: set[str] = set()
    for k, row in enumerate(rows, 2):
        if None in row or None in row.values():
            problems.append(f"line {k} has not {len(COLUMNS)} fields; put a text with a comma in quotes")
            continue
        row = {name: text.strip() for name, text in row.items()}
        problems += [f"line {k} has no {name}" for name in COLUMNS if not row[name]]
        if row["claim_id"] in seen:
            problems.append(f"line {k} has the claim_id {row['claim_id']!r} again; give each claim its own")
        seen.add(row["claim_id"])
        names = tuple(part.strip() for part in row["specialties"].split(";") if part.strip())
        claims.append(Claim(row["claim_id"], row["topic"], names, row["claim"]))
    if not rows:
        problems.append("the claims table has no rows")
    if problems:
        raise RefusedInput("\n".join(problems))
    return tuple(claims)


def named(claim: Claim, model: Model, kind: str) -> Named:
    """Return a claim's specialties as the model has them."""
    if claim.specialties == (ALL,):
        return Named(tuple(model.specialties(kind)))
    known, missing, kinds = [], [], []
    for name in (name for entry in claim.specialties for name in GROUPS.get(entry, (entry,))):
        if match := _KIND_OF_PROGRAM.search(name):
            kinds.append((match[1] or match[2]).lower())
        try:
            canonical = canonical_specialty(_KIND_OF_PROGRAM.sub("", name).strip())
        except UnknownSpecialty:
            canonical = None
        if canonical in model.specialties(kind):
            known.append(canonical)
        else:
            missing.append(name)
    return Named(tuple(dict.fromkeys(known)), tuple(missing), tuple(dict.fromkeys(kinds)))
