"""The layouts of raw tables: one entry per layout, its columns in tidy order."""

from dataclasses import dataclass, replace

from ..tabular.cells import key
from .kinds import KINDS, TextKind

_PRINTED = {part: part.upper() for part in ("us", "img", "usd", "sd", "ck", "iqr", "pgy1", "id", "se")} | {
    "n": "n",
    "r": "r",
    "step2": "Step 2",
}


@dataclass(frozen=True)
class Column:
    """A column of a layout.

    Attributes
    ----------
    name
        Its tidy name.
    kind
        A key of `kinds.KINDS`.
    required
        Whether the file must have it.
    blank
        Whether a cell may be blank (suppressed or not known).
    default
        What stands in for an absent column or a blank cell: ``year``, ``applicant_type``, ``measure``,
        ``specialty``, ``source`` (the source's title), ``grade``, ``page`` or ``coverage``.
    headers
        Other names that it goes by.
    derived
        Whether the reader makes it of other columns; a file does not have it.
    """

    name: str
    kind: str
    required: bool = True
    blank: bool = False
    default: str | None = None
    headers: tuple[str, ...] = ()
    derived: bool = False

    @property
    def dtype(self) -> str:
        """Tidy dtype: str, int64 (whole and never blank) or float64."""
        kind = KINDS[self.kind]
        if isinstance(kind, TextKind):
            return "str"
        return "int64" if kind.whole and not self.blank else "float64"

    @property
    def printed(self) -> str:
        """Its name in a message, in Title Case."""
        return " ".join(_PRINTED.get(part, part.capitalize()) for part in self.name.split("_"))


@dataclass(frozen=True)
class Layout:
    """A layout of raw tables and the tidy table that it becomes.

    Attributes
    ----------
    name
        Tidy name, with underscores; source.toml may write hyphens.
    columns
        In tidy order, without source_id; `LAYOUTS` adds page as the last.
    identity
        Columns that together name one row; empty where rows may be alike.
    checked
        Columns that a file may have beside them, made of others: they must agree, and the tidy table leaves
        them out.
    unread
        Headers of columns that have no bearing on the table; they are left out, and it is said.
    totals
        Whether 'All' is data; otherwise total rows are dropped.
    unordered
        Whether the identity is a set: (a, b) is (b, a).
    default_specialty
        The specialty where neither the table nor source.toml names one.
    """

    name: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    checked: tuple[Column, ...] = ()
    unread: tuple[str, ...] = ()
    totals: bool = False
    unordered: bool = False
    default_specialty: str = ""

    def column(self, name: str) -> Column:
        """Return the column of that tidy name."""
        return next(column for column in self.columns if column.name == name)

    def has(self, name: str) -> bool:
        """Say whether it has a column of that tidy name."""
        return any(column.name == name for column in self.columns)


def _needed(name: str, kind: str, *headers: str) -> Column:
    return Column(name, kind, headers=headers)


def _blank(name: str, kind: str, *headers: str) -> Column:
    return Column(name, kind, blank=True, headers=headers)


def _optional(name: str, kind: str, *headers: str) -> Column:
    return Column(name, kind, required=False, blank=True, headers=headers)


def _made(name: str, kind: str) -> Column:
    return Column(name, kind, blank=True, derived=True)


YEAR = Column("year", "year", required=False, default="year", headers=("Match Year",))
SEASON = Column("season", "year", required=False, default="year", headers=("Year",))
TYPE = Column("applicant_type", "type", required=False, default="applicant_type", headers=("Type",))
IMG_TYPE = Column("applicant_type", "img_type", required=False, default="applicant_type", headers=("Type",))
IMG_TYPE_IF_TOLD = replace(IMG_TYPE, blank=True)
IMG_TYPE_OR_ALL = replace(IMG_TYPE, kind="img_type_or_all")
MEASURE = Column("measure", "measure", required=False, default="measure", headers=("Metric Key",))
METRIC = Column("metric", "measure", required=False, blank=True)
PERCENT_MATCHED = Column(
    "match_rate",
    "share",
    required=False,
    blank=True,
    headers=("Percent Matched", "Percentage Matched", "Pct Matched", "% Matched"),
)
TOTAL = Column("total", "people", required=False, blank=True, headers=("Total Applicants", "Applicants"))
_RATES = (
    "Match Rate",
    "Match Rate Pct",
    "Percent Matched",
    "Specialty Match Rate",
    "Specialty Match Rate Pct",
)
SPECIALTY = _needed("specialty", "specialty")
SPECIALTY_OR_ALL = _needed("specialty", "specialty_or_all")
SOURCE = Column("source", "text", required=False, default="source")
GRADE = Column("grade", "grade", required=False, default="grade")
PAGE = Column("page", "text", required=False, blank=True, default="page", headers=("Report Page",))

_ALL = (
    Layout(
        "counts",
        (YEAR, TYPE, SPECIALTY, _blank("matched", "people"),
         _blank("not_matched", "people", "Did Not Match", "Unmatched"),
         _optional("positions", "people", "Positions Offered"), _optional("all_applicants", "people")),
        identity=("year", "applicant_type", "specialty"),
        checked=(PERCENT_MATCHED, TOTAL),
    ),
    Layout(
        "quartiles",
        (YEAR, TYPE, SPECIALTY, MEASURE, _needed("cohort", "cohort"), _blank("n", "people"),
         _optional("min", "measured", "Minimum"), _blank("q1", "measured", "25th Percentile"),
         _blank("median", "measured"), _blank("q3", "measured", "75th Percentile"),
         _optional("max", "measured", "Maximum"), _optional("iqr", "amount"), _optional("mean", "measured"),
         _optional("sd", "amount", "Std Dev", "Standard Deviation")),
        identity=("year", "applicant_type", "specialty", "measure", "cohort"),
        checked=(METRIC,),
        unread=_RATES,
    ),
    Layout(
        "bins",
        (YEAR, TYPE, SPECIALTY, MEASURE, _needed("bin", "bin"), _optional("low", "amount"),
         _optional("high", "amount"), _blank("matched", "people"),
         _blank("not_matched", "people", "Did Not Match", "Unmatched")),
        identity=("year", "applicant_type", "specialty", "measure", "bin"),
    ),
    Layout(
        "ranked_anywhere",
        (YEAR, SPECIALTY, _blank("us_img_ranked", "people", "US IMG Ranked It"),
         _blank("us_img_matched", "people"), _blank("non_us_img_ranked", "people", "Non US IMG Ranked It"),
         _blank("non_us_img_matched", "people")),
        identity=("year", "specialty"),
    ),
    Layout(
        "rates",
        (YEAR, TYPE, _needed("match_rate", "share"), _optional("active_applicants", "people"),
         _optional("matched_pgy1", "people"), SOURCE, GRADE),
        identity=("year", "applicant_type"),
    ),
    Layout(
        "effects",
        (_needed("id", "text"), _needed("covariate", "covariate"), _blank("unit", "unit"),
         _needed("scale", "scale"), _blank("estimate", "effect"), _blank("se", "error"),
         _optional("n", "count"), _optional("specialty", "specialty"), _optional("population", "text"), YEAR,
         GRADE, SOURCE, _optional("adjusted_for", "adjustments"),
         _made("score_adjusted", "yes_no"), _optional("variant_of", "text"),
         _optional("note", "text")),
        identity=("id",),
        totals=True,
    ),
    Layout(
        "correlations",
        (_needed("measure_a", "covariate_or_measure"), _needed("measure_b", "covariate_or_measure"),
         _needed("r", "correlation"), _optional("n", "people"), SOURCE),
        identity=("measure_a", "measure_b"),
        unordered=True,
    ),
    Layout(
        "population",
        (_needed("covariate", "covariate"), _needed("value", "word"), IMG_TYPE_IF_TOLD,
         _optional("population", "text"), _optional("count", "count"), _optional("share", "share"),
         _optional("se", "error"), SOURCE, GRADE, _optional("note", "text")),
        identity=("covariate", "value", "applicant_type", "population", "source"),
    ),
    Layout(
        "invitations",
        (YEAR, SPECIALTY, TYPE, _needed("invitation_rate", "share"), _needed("programs", "programs"),
         _optional("programs_listed", "programs"),
         Column("coverage", "coverage", required=False, default="coverage")),
        identity=("year", "specialty", "applicant_type", "invitation_rate"),
    ),
    Layout(
        "invitation_means",
        (YEAR, SPECIALTY, IMG_TYPE, _needed("application_weighted", "share"),
         _needed("program_mean", "share"), _optional("se", "error"), _needed("programs", "programs"), SOURCE,
         GRADE),
        identity=("year", "specialty", "applicant_type"),
    ),
    Layout(
        "participation",
        (YEAR, SPECIALTY_OR_ALL, IMG_TYPE_OR_ALL, _needed("quantity", "quantity"), _needed("value", "amount"),
         _optional("se", "error"), _optional("low", "amount"), _optional("high", "amount"), SOURCE, GRADE,
         _optional("note", "text")),
        identity=("year", "specialty", "applicant_type", "quantity"),
        totals=True,
    ),
    Layout(
        "first_choices",
        (YEAR, SPECIALTY, IMG_TYPE, _needed("first_choice", "people"), _needed("ranked", "people"), SOURCE,
         GRADE),
        identity=("year", "specialty", "applicant_type"),
    ),
    Layout(
        "visa_outcomes",
        (YEAR, IMG_TYPE, _needed("visa_needed", "yes_no"), _needed("match_rate", "share"),
         _optional("applicants", "people"), _optional("matched", "people"), SOURCE, GRADE),
        identity=("year", "applicant_type", "visa_needed"),
    ),
    Layout(
        "invited_interviews",
        (YEAR, SPECIALTY, IMG_TYPE_OR_ALL, _needed("bin", "bin", "Invitations"), _optional("low", "amount"),
         _optional("high", "amount"), _needed("applicants", "people"), _needed("matched", "people"), SOURCE,
         GRADE),
        identity=("year", "specialty", "applicant_type", "bin"),
    ),
    Layout(
        "means",
        (YEAR, TYPE, SPECIALTY_OR_ALL, MEASURE, _blank("matched_mean", "measured", "Mean Matched"),
         _optional("not_matched_mean", "measured", "Mean Not Matched", "Mean Unmatched", "Unmatched Mean"),
         _optional("matched", "people"),
         _optional("not_matched", "people", "Did Not Match", "Unmatched"), SOURCE, GRADE),
        identity=("year", "applicant_type", "specialty", "measure"),
        checked=(PERCENT_MATCHED, TOTAL),
        totals=True,
    ),
    Layout(
        "applications",
        (YEAR, SPECIALTY_OR_ALL, _needed("mean_applications", "positive"), SOURCE, GRADE),
        identity=("year", "specialty"),
        totals=True,
    ),
    Layout(
        "applicants_total",
        (SEASON, SPECIALTY_OR_ALL, _needed("img_applicants", "people"), SOURCE, GRADE),
        identity=("season", "specialty"),
        totals=True,
    ),
    Layout(
        "exam_reference",
        (_needed("item", "exam_item"), _optional("population", "text"),
         _optional("from_date", "date", "From"), _needed("value", "score"), SOURCE, GRADE),
        identity=("item", "population", "from_date"),
    ),
    Layout(
        "invitation_groups",
        (YEAR, Column("specialty", "specialty", required=False, default="specialty"),
         _needed("group", "text"), _made("applicant_type", "type"), _made("img_share_low", "share"),
         _made("img_share_high", "share"), _made("signal_sent", "yes_no"),
         _needed("invitation_rate", "share"), _needed("applications", "count"),
         _needed("programs", "programs")),
        identity=("year", "specialty", "group"),
        default_specialty="Neurology",
    ),
    Layout(
        "invited_step2",
        (YEAR, Column("specialty", "specialty", required=False, default="specialty"), TYPE,
         _needed("statistic", "statistic", "Statistic of Invited"),
         _needed("quantile", "share", "Quantile over Programs"), _needed("step2_ck", "score"),
         _needed("programs", "programs")),
        identity=("year", "specialty", "applicant_type", "statistic", "quantile"),
        default_specialty="Neurology",
    ),
    Layout(
        "invited_step2_means",
        (YEAR, SPECIALTY, IMG_TYPE, _needed("q1", "score", "Mean Q1"),
         _needed("median", "score", "Mean Median"), _needed("q3", "score", "Mean Q3"),
         _optional("sd_of_medians", "points"), _needed("programs", "programs"), SOURCE, GRADE),
        identity=("year", "specialty", "applicant_type"),
    ),
    Layout(
        "facts",
        (YEAR, SPECIALTY_OR_ALL, _needed("fact", "text"), _blank("value", "amount"),
         _optional("low", "amount"), _optional("high", "amount"), SOURCE, GRADE),
        identity=("year", "specialty", "fact"),
        totals=True,
    ),
    Layout(
        "fees",
        (SEASON, _needed("service", "text"), _made("charged_for", "charge"), _made("specialty", "specialty"),
         _blank("from_program", "programs"), _blank("to_program", "programs"),
         _blank("usd_each", "dollars"), _blank("usd_flat", "dollars"), _optional("scope", "text"), SOURCE,
         GRADE),
        identity=("season", "service", "from_program"),
    ),
    Layout(
        "signals",
        (SEASON, SPECIALTY, _blank("gold", "programs"), _blank("silver", "programs"),
         _needed("total", "programs"), SOURCE, GRADE),
        identity=("season", "specialty"),
    ),
    Layout(
        "practice_tests",
        (_needed("test", "text"), _blank("correlation_with_step2_ck", "correlation"),
         _needed("bias_points", "effect"), _needed("residual_sd_points", "positive"), SOURCE, GRADE),
        identity=("test",),
    ),
    Layout(
        "applicants",
        (SPECIALTY, TYPE, _blank("step2_ck", "score"), _blank("step1_attempts", "count"),
         _blank("step2_attempts", "count"), _blank("yog", "year"), _blank("usce_months", "amount"),
         _blank("visa_needed", "yes_no"), Column("cycle", "year", default="year"),
         _needed("matched", "yes_no"), _optional("applications", "count"),
         _optional("interviews", "programs")),
        identity=(),
        totals=True,
    ),
)  # fmt: skip

LAYOUTS: dict[str, Layout] = {
    layout.name: replace(layout, columns=(*layout.columns, PAGE)) for layout in _ALL
}
_BY_KEY = {key(name): layout for name, layout in LAYOUTS.items()}
# Columns that any table may carry; the tidy table leaves them out where its layout does not have them.
COMMENTS = frozenset({"note", "notes", "source", "grade", "year"})


def find_layout(word: str) -> Layout | None:
    """Return the layout that a word of source.toml names; None where it names none."""
    return _BY_KEY.get(key(word))


def printed_names() -> list[str]:
    """Return the layouts' names as source.toml writes them."""
    return [name.replace("_", "-") for name in LAYOUTS]
