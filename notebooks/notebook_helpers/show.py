"""What a notebook calls to find the project and to show things: cells then hold no logic of their own."""

import io
from collections.abc import Hashable, Mapping
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from matchmodel.errors import MissingTables, RefusedInput

if TYPE_CHECKING:
    from matchmodel.etl import Tidy
    from matchmodel.model import Model

COLOURS = 64  # of a shown picture's palette: a third of the bytes, and no difference to the eye
MINUS = "\N{MINUS SIGN}"


def project_root(start: str | Path | None = None) -> Path:
    """Return the project's folder: the nearest one, from here upwards, that has data/raw and notebooks.

    Parameters
    ----------
    start
        Where to begin; the working folder where absent.

    Raises
    ------
    MissingTables
        When no folder above has them.
    """
    start = Path.cwd() if start is None else Path(start).resolve()
    for folder in (start, *start.parents):
        if (folder / "data" / "raw").is_dir() and (folder / "notebooks").is_dir():
            return folder
    raise MissingTables(
        f"no folder above {start.name!r} has data/raw and notebooks; run the notebooks inside the project"
    )


def project_tables(role: str | None = "training") -> "Tidy":
    """Return the raw tables of the project, those of one role (all where it is None)."""
    from matchmodel.etl import read_raw

    tables: Tidy = read_raw(project_root() / "data" / "raw").select(role=role)
    return tables


def project_model() -> "Model":
    """Return the model of the project's models folder.

    Raises
    ------
    ModelFileError
        When there is none, or it is not of this schema.
    """
    from matchmodel.model import load_model
    from matchmodel.model.file import DEFAULT_NAME

    return load_model(project_root() / "models" / DEFAULT_NAME)


def title_of(figure: Figure) -> str:
    """Return a figure's title: its suptitle, its first text, or the title of its first panel that has one."""
    said = [
        figure.get_suptitle(), *(text.get_text() for text in figure.texts),
        *(axis.get_title() for axis in figure.axes)
    ]  # fmt: skip
    return next((" ".join(text.split()) for text in said if text.strip()), "")


def show(figure: Figure, alt: str = "") -> None:
    """Show a figure as a small PNG: the same bytes on every run and under every backend.

    Parameters
    ----------
    figure
    alt
        What the picture says to someone who cannot see it; its title where absent.

    Raises
    ------
    RefusedInput
        For a picture with neither.
    """
    from IPython.display import Image, display
    from PIL import Image as pixels

    from matchmodel.plots.style import picture_bytes

    alt = alt or title_of(figure)
    if not alt:
        raise RefusedInput("the picture has no title and no alt text; say show(figure, 'what it shows')")
    small = io.BytesIO()
    picture = pixels.open(io.BytesIO(picture_bytes(figure, "png"))).convert("RGB")
    picture.quantize(COLOURS).save(small, format="png", optimize=True)
    display(Image(data=small.getvalue(), width=round(figure.get_figwidth() * 100), alt=alt))


def say(text: object) -> None:
    """Show a text as Markdown: a sentence, or several, made by the package out of computed figures."""
    from IPython.display import Markdown, display

    display(Markdown(str(text)))


def written(value: object) -> str:
    """Return a table's entry as text: three figures, thousands apart from 10,000 on, '' where unknown."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value).replace("|", r"\|").replace("\n", " ")
    size = abs(float(value))
    whole = size.is_integer() or size >= 1000
    digits = ("," if size >= 10_000 else "") + (".0f" if whole else ".3g")  # 2026 is a year as a rule
    return format(float(value), digits).replace("-", MINUS)


def entry(value: object, spec: str | None) -> str:
    """Return a table's entry in a given format, nothing where it is unknown."""
    if spec is None or not isinstance(value, Real) or pd.isna(value):
        return written(value)
    return format(value, spec).replace("-", MINUS)


def markdown(frame: pd.DataFrame, formats: dict[str, str] | None = None, index: bool = False) -> str:
    """Return a frame as a Markdown table.

    Parameters
    ----------
    frame
    formats
        {column: format specification}, such as {'rate': '.0%'}.
    index
        Whether to write the index as the first columns.

    Raises
    ------
    RefusedInput
        For a format of a column that is not there.
    """
    frame = frame.reset_index() if index else frame
    by: Mapping[Hashable, str] = {name: spec for name, spec in (formats or {}).items()}
    if missing := [name for name in by if name not in frame.columns]:
        there = ", ".join(map(str, frame.columns))
        raise RefusedInput(f"no column {', '.join(map(repr, missing))} to format; there are {there}")
    specs = [by.get(name) for name in frame.columns]
    lines = [[written(name) for name in frame.columns], ["---"] * len(specs)]
    lines += [
        [entry(value, spec) for value, spec in zip(row, specs, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def table(frame: pd.DataFrame, formats: dict[str, str] | None = None, index: bool = False) -> None:
    """Show a frame as a table; see `markdown` for what the parameters mean."""
    say(markdown(frame, formats, index))
