"""A table of applicants, answered through numpy with the numbers of `Model.odds`."""

import csv
import os
from pathlib import Path

import numpy as np

from .applicant import Applicant
from .batch_chain import Arrays, range80, score_chain
from .covariates import COVARIATES, step2_u
from .errors import MatchModelError, RefusedInput
from .model import load_model
from .progress import Soon

COLUMNS = Applicant._fields
OTHERS = ("matched", "interviews")  # of the applicants layout; carried along, read only where outcomes are asked for
ANSWERS = "p_ranked p_apply p_any_invitation expected_invitations required_applications required_applications_friendliest".split()
ROWS_AT_ONCE = 2000  # times the draws, in floats: a few megabytes


def _expit(x):
    return 1.0 / (1.0 + np.exp(-x))


def log_odds(model, cell, applicants, cycle):
    """Return log odds of applicants of one cell and cycle, the points and the draws.

    Parameters
    ----------
    model : Model
    cell : Cell
    applicants : sequence of Applicant
        With years since graduation filled in.
    cycle : int

    Returns
    -------
    point : numpy.ndarray, shape (n,)
    draws : numpy.ndarray, shape (n, d)
    """
    score = np.array([np.nan if a.step2_ck is None else a.step2_ck for a in applicants], float)
    known = ~np.isnan(score)
    u = step2_u(np.where(known, score, 0.0))
    point = np.where(known, cell.alpha + cell.beta * u, cell.level)
    alpha, beta, level = (np.array(cell.draws(name)) for name in ("alpha", "beta", "level"))
    draws = np.where(known[:, None], alpha + beta * u[:, None], level)
    for name in COVARIATES:
        if not model.has_effect(cell.applicant_type, name):
            continue
        values = [a.covariate(name) for a in applicants]
        given = np.array([v is not None for v in values])
        if not given.any():
            continue
        delta = model.delta(name)
        v = np.array([0.0 if v is None else COVARIATES[name].transform(v) for v in values])
        point += np.where(given, delta.value * v - cell.kappa(name), 0.0)
        moved = np.array(delta.draws) * v[:, None] - np.array(cell.kappa_draws(name))
        draws += np.where(given[:, None], moved, 0.0)
    width = model.drift_sd(cell.applicant_type) * np.sqrt(abs(cycle - cell.year))
    if width:
        draws += width * np.array(model.drift_draws)
    if cell.recalibration is not None:
        point = cell.recalibration.log_odds(point)
        draws = np.array(cell.recalibration.intercept_draws) + np.array(cell.recalibration.slope_draws) * draws
    return point, draws


def score_applicants(model, applicants, progress=None):
    """Answer applicants, grouped by cell and cycle.

    Parameters
    ----------
    model : Model
    applicants : sequence of Applicant
    progress : callable, optional
        Called with what is being done.

    Returns
    -------
    dict of str to numpy.ndarray, shape (n,)
        p_ranked, p_ranked_low, p_ranked_high; where any applicant has applications p_apply,
        p_any_invitation and expected_invitations, where any has a target
        required_applications and required_applications_friendliest, each with its range;
        NaN for who did not ask, and where nothing reaches a target.
    """
    columns = ["p_ranked"]
    if any(a.applications is not None for a in applicants):
        columns += ["p_apply", "p_any_invitation", "expected_invitations"]
    if any(a.target is not None for a in applicants):
        columns += ["required_applications", "required_applications_friendliest"]
    found = {name + end: np.full(len(applicants), np.nan) for name in columns for end in ("", "_low", "_high")}
    groups = {}
    filled = [model.cycle_of(a) for a in applicants]
    for k, a in enumerate(filled):
        groups.setdefault((a.applicant_type, a.specialty, a.cycle), []).append(k)
    done = 0
    for (kind, specialty, cycle), members in groups.items():
        cell = model.cell(kind, specialty)
        for start in range(0, len(members), ROWS_AT_ONCE):
            rows = members[start : start + ROWS_AT_ONCE]
            point, draws = log_odds(model, cell, [filled[k] for k in rows], cycle)
            p = _expit(point)
            low, high = range80(_expit(draws), p)
            found["p_ranked"][rows], found["p_ranked_low"][rows], found["p_ranked_high"][rows] = p, low, high
            asking = [i for i, k in enumerate(rows) if filled[k].applications is not None or filled[k].target is not None]
            if asking:
                arrays = Arrays(model.chain_cell(kind, specialty))
            for k, i in enumerate(asking):
                if progress:
                    progress(f"answered {done + k:,} of {len(applicants):,} applicants")
                states = _expit(np.concatenate([point[i : i + 1], draws[i]]))
                for name, value in score_chain(arrays, filled[rows[i]], states).items():
                    found[name][rows[i]] = value
            done += len(rows)
            if progress:
                progress(f"answered {done:,} of {len(applicants):,} applicants")
    return found


def _key(header):
    return "".join(ch for ch in header.casefold() if ch.isalnum())


def _records(path):
    """Return (row number, cells) of a CSV's rows, blank ones counted and left out."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return [(k, row) for k, row in enumerate(csv.reader(file, strict=True), start=1) if row]
    except FileNotFoundError:
        raise RefusedInput(f"there is no table {path}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedInput(f"{path} cannot be read as UTF-8 CSV: {error}") from None
    except OSError as error:
        raise RefusedInput(f"{path} cannot be read: {error.strerror}") from None


def _messages(given, model, error):
    """Return everything that is wrong with a refused row: each cell is tried by itself, then the first refusal."""
    plain = {"specialty": "Internal Medicine", "applicant_type": "non-us-img"}
    found = []
    for name, value in given.items():
        try:
            model.type(Applicant(**{**plain, name: value}).applicant_type)
        except RefusedInput as one:
            found.append(str(one))
    return found if str(error) in found else [*found, str(error)]


def read_table(path, model, needed=("specialty", "applicant_type"), read_others=None):
    """Read a table of applicants, and what else is asked for of its rows.

    Parameters
    ----------
    path : str or Path
        CSV; headers matched without regard to case, space, hyphen or underscore.
    model : Model
    needed : sequence of str
        Columns without which the table is refused.
    read_others : callable, optional
        {name of OTHERS: text or None} -> anything; what it refuses is told with the row.

    Returns
    -------
    headers : list of str
    rows : list of list of str
    applicants : list of Applicant
    others : list
        What `read_others` made of each row.

    Raises
    ------
    RefusedInput
        With a line a problem, all of them.
    """
    numbered = _records(path)
    if not numbered:
        raise RefusedInput(f"{path} is empty; its first line names the columns, such as specialty,applicant_type,step2_ck")
    headers = numbered.pop(0)[1]
    by_key = {_key(name): name for name in (*COLUMNS, *OTHERS)}
    names = [by_key.get(_key(h)) for h in headers]
    problems = [f"{path}: the column {c} is missing" for c in needed if c not in names]
    problems += [f"{path}: two columns mean {name}" for name in sorted(set(names) - {None}) if names.count(name) > 1]
    if problems:
        raise RefusedInput("\n".join(problems))
    rows, applicants, others = [row for _, row in numbered], [], []
    for line, row in numbered:
        if len(row) != len(headers):
            problems.append(f"{path}: row {line} has another number of cells than the header ({len(row)}, not {len(headers)})")
            continue
        given = {name: cell.strip() or None for cell, name in zip(row, names) if name in COLUMNS}
        try:
            applicant = Applicant(**given)
            filled = model.cycle_of(applicant)
            model.cell(filled.applicant_type, filled.specialty)
            if filled.applications is not None or filled.target is not None:
                model.chain_cell(filled.applicant_type, filled.specialty)
            applicants.append(applicant)
        except RefusedInput as error:
            problems += [f"{path}: row {line}: {message}" for message in _messages(given, model, error)]
        if read_others is not None:
            try:
                others.append(read_others({name: cell.strip() or None for cell, name in zip(row, names) if name in OTHERS}))
            except RefusedInput as error:
                problems.append(f"{path}: row {line}: {error}")
    if problems:
        raise RefusedInput("\n".join(problems))
    return headers, rows, applicants, others


def read_applicants(path, model):
    """Read a table of applicants; (headers, rows, applicants) of `read_table`."""
    return read_table(path, model)[:3]


def _cell(name, value):
    if np.isnan(value):
        return ""
    return str(int(value)) if name.startswith("required") else repr(float(value))


def run_score(table, out, model=None):
    """Answer a table of applicants and write it with the answers added; nothing is written when a row is refused.

    Parameters
    ----------
    table, out : str or Path
    model : str or Path, optional
        Model file.
    """
    loaded = load_model(model)
    out = Path(os.path.realpath(out))  # so that a link stays one
    if out.exists() and not out.is_file():
        raise MatchModelError(f"{out} is no plain file; name a CSV file to write")
    if not out.parent.is_dir():
        raise MatchModelError(f"there is no folder {out.parent} to write to; make it first")
    headers, rows, applicants = read_applicants(table, loaded)
    answers = score_applicants(loaded, applicants, Soon())
    beside = out.with_name(out.name + f".{os.getpid()}.tmp")
    answered = {_key(name + end) for name in ANSWERS for end in ("", "_low", "_high")}  # of an earlier run
    kept = [k for k, h in enumerate(headers) if _key(h) not in answered]
    try:
        with open(beside, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*(headers[i] for i in kept), *answers])
            for k, row in enumerate(rows):
                writer.writerow([*(row[i] for i in kept), *(_cell(n, v[k]) for n, v in answers.items())])
        os.replace(beside, out)
    except OSError as error:
        raise MatchModelError(f"{out} cannot be written: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)
    known = {_key(name) for name in (*COLUMNS, *OTHERS)}
    unread = [headers[i] for i in kept if _key(headers[i]) not in known]
    aside = f" (carried along unread: {', '.join(unread)})" if unread else ""
    print(f"{len(rows):,} applicant{'' if len(rows) == 1 else 's'} answered, written to {out}{aside}")
