"""One applicant's log odds, added up term by term (notebook 2)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from matchmodel.applicant import Applicant
from matchmodel.covariates import COVARIATES
from matchmodel.fit.document.model import document
from matchmodel.fit.train import Trained
from matchmodel.model import Model
from matchmodel.model.answer import Answer
from matchmodel.model.engine import Range, expit
from matchmodel.model.records import ModelRecord
from matchmodel.plots import style
from matchmodel.question import Question
from notebook_helpers.needed import needed
from notebook_helpers.words import fixed, percent, ranged, signed, span

COLOURS = {"measured": style.BLUE, "evidence": style.VERMILLION, "assumed": style.ORANGE}
AGREE = 1e-4  # trained here and shipped: below this the coefficients are called the same


def worked() -> Applicant:
    """Return the applicant of the worked example, the same as the README's."""
    return Applicant(
        "Internal Medicine", "non-us-img", step2_ck=250, step1_attempts=1, step2_attempts=1, yog=2024,
        usce_months=4,
        visa_needed=True, cycle=2027,
    )  # fmt: skip


def described(applicant: Applicant) -> str:
    """Describe an applicant in a line."""
    known = {
        "Step 2 CK": applicant.step2_ck, "YOG": applicant.yog, "months of USCE": applicant.usce_months,
        "visa needed": applicant.visa_needed, "Step 1 failed": applicant.step1_failed,
        "Step 2 CK failed": applicant.step2_failed,
    }  # fmt: skip
    words = {True: "yes", False: "no"}
    texts = (
        f"{n} {words[v] if isinstance(v, bool) else f'{v:g}'}" for n, v in known.items() if v is not None
    )
    return f"{applicant.specialty}: {', '.join(texts)}"


def _chance(log_odds: float) -> float:
    return float(expit(np.array(log_odds)))


def _ranked(answer: Answer) -> Range:
    return needed(answer.p_ranked, f"chance in {answer.applicant.specialty}")


def terms(model: Model, applicant: Applicant) -> pd.DataFrame:
    """Add up an applicant's log odds, means over the draws.

    Returns
    -------
    frame
        term, formula, basis, value (log odds), total (so far).
    """
    filled = model.resolve(applicant)
    cell, people = model.cell(filled.applicant_type, filled.specialty), model.people([filled])
    rows = [
        ("average of those who rank the specialty", "level + drift", cell.level.basis, people.base.mean())
    ]
    for name, draws in people.shifts.items():
        given = getattr(filled, name)
        if name == "step2_ck":
            rows.append((f"Step 2 CK {given:g}", "alpha + beta u - level", cell.beta.basis, draws.mean()))
            continue
        said = ("no", "yes")[given] if COVARIATES[name].binary else f"{given:g}"
        basis = model.record.effects[name].specialties[filled.specialty].basis
        rows.append((f"{COVARIATES[name].label}: {said}", "delta u - kappa", basis, draws.mean()))
    frame = pd.DataFrame(rows, columns=["term", "formula", "basis", "value"])
    return frame.assign(total=frame["value"].cumsum())


def terms_table(model: Model, applicant: Applicant) -> pd.DataFrame:
    """Return `terms` as it is shown, with the factor of each term and the chance so far."""
    rows = terms(model, applicant)
    return pd.DataFrame({
        "term": rows["term"], "formula": rows["formula"], "basis": rows["basis"],
        "log odds": rows["value"].map(lambda v: signed(v, 3)),
        "factor on the odds": ["", *np.exp(rows["value"].iloc[1:]).map("x{:.2f}".format)],
        "so far": rows["total"].map(lambda v: signed(v, 3)),
        "chance at it": rows["total"].map(lambda v: percent(_chance(v))),
    })  # fmt: skip


def draws(model: Model, applicant: Applicant) -> np.ndarray:
    """Return the chance in every joint draw, shape (d,)."""
    chances: np.ndarray = model.people([model.resolve(applicant)]).p_ranked()[0]
    return chances


def terms_sentence(model: Model, applicant: Applicant) -> str:
    """Say what the terms add up to, and what the model answers."""
    total = float(terms(model, applicant)["value"].sum())
    answer, chances = model.odds(applicant), draws(model, applicant)
    gap = abs(chances.mean() - _ranked(answer).point)
    same = "the same to nine decimals" if gap < 5e-10 else f"off by {gap:.1g}"
    return (
        f"The terms add up to {signed(total, 3)} log odds, a chance of {percent(_chance(total))} at the mean "
        f"of every coefficient. The answer is the mean of the chances in {len(chances)} draws, "
        f"**{percent(chances.mean())}**. `model.odds` says {ranged(_ranked(answer))}, {same}."
    )


def terms_figure(model: Model, applicant: Applicant) -> Figure:
    """Draw the terms as steps from the specialty's log odds to the applicant's."""
    rows = terms(model, applicant)
    names = [*rows["term"], "this applicant"]
    starts = np.concatenate([[0.0], rows["total"].to_numpy()[:-1]])
    figure, axes = style.new_figure(
        0.3 * len(names), title="Log odds, term by term",
        caption="Bars: what each term adds on average over the draws, by its basis. The axis above gives the "
        "chance that "
        "belongs to the log odds below.",
        left=max(style.text_width(n) for n in names) + 0.25, right=0.5, above=0.38,
    )  # fmt: skip
    axis, seen = axes[0, 0], set()
    for y, (row, start) in enumerate(zip(rows.itertuples(), starts, strict=True)):
        label = None if row.basis in seen else row.basis
        axis.barh(y, row.value, left=start, height=0.55, color=COLOURS[row.basis], label=label)
        axis.vlines(row.total, y, y + 1, color=style.GREY, lw=0.8)
        seen.add(row.basis)
    axis.plot(rows["total"].iloc[-1], len(rows), "D", color=style.INK, ms=6)
    reach = [*starts, *rows["total"], 0.0]
    room = 0.12 * (max(reach) - min(reach))
    axis.set(
        xlim=(min(reach) - room, max(reach) + room),
        ylim=(len(names) - 0.4, -0.6),
        xlabel="log odds of matching",
    )
    axis.set_yticks(range(len(names)), names)
    axis.axvline(0, color=style.GREY, lw=0.8)
    above = axis.secondary_xaxis("top", functions=(lambda x: x, lambda x: x))
    low, high = expit(np.array(axis.get_xlim()))
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2) if (high - low) / s < 9)
    ticks = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    ticks = ticks[(ticks > 0) & (ticks < 1)]
    above.set_xticks(np.log(ticks / (1 - ticks)), [style.percent_tick(t) for t in ticks], fontsize=style.TEXT)
    above.tick_params(color=style.GREY, labelcolor=style.INK, length=3)
    above.spines["top"].set(color=style.GREY, linewidth=0.7)
    axis.legend(frameon=False, fontsize=style.TEXT, loc="lower right")
    return figure


def draws_figure(model: Model, applicant: Applicant) -> Figure:
    """Draw how the chance is spread over the joint draws, with the point and the 80% range."""
    chances, answer = draws(model, applicant), _ranked(model.odds(applicant))
    figure, axes = style.new_figure(
        1.7, title=f"The same applicant in {len(chances)} joint draws of every parameter",
        caption="Bars: draws by the chance. Shaded: the 80% range. Line: the mean over the draws, which is "
        "the answer.",
    )  # fmt: skip
    axis = axes[0, 0]
    axis.axvspan(answer.low, answer.high, color=style.PALE, alpha=0.6, lw=0)
    axis.hist(chances, bins=20, color=style.SKY, ec="white", lw=0.5)
    axis.axvline(answer.point, color=style.INK, lw=1.5)
    axis.set(xlabel="chance of matching if you rank at least one program", ylabel="draws")
    axis.xaxis.set_major_formatter(style.percent_tick)
    return figure


def range_sentence(model: Model, applicant: Applicant) -> str:
    """Say which draws the range comes from."""
    chances, answer = draws(model, applicant), model.odds(applicant)
    p, plain = _ranked(answer), np.quantile(chances, [0.1, 0.9])
    below, above = int((chances < p.low).sum()), int((chances > p.high).sum())
    return (
        f"The range is the 10% and 90% quantiles of the draws, smoothed: {span(p.low, p.high)}, unsmoothed "
        f"{span(*plain)}. {below} draws lie below it and {above} above. It holds the drift from the table of "
        f"{answer.table_year} to the {answer.applicant.cycle} Match."
    )


def answers_sentence(model: Model, applicant: Applicant, interviews: int = 3) -> str:
    """Say the three chances that an answer begins with."""
    answer = model.odds(applicant, Question(interviews=interviews))
    apply = needed(answer.p_apply, f"chance by applications in {applicant.specialty}")
    given = needed(answer.p_given_interviews, f"chance by interviews in {applicant.specialty}")
    return (
        f"If you apply to the usual {answer.applications} programs, **{ranged(apply)}**. If you "
        f"rank at least one, **{ranged(_ranked(answer))}**. With {interviews} interviews held, "
        f"**{ranged(given)}**. The average applicant: {percent(answer.average_apply)} "
        f"and {percent(answer.average_ranked)}."
    )


def _values(record: ModelRecord) -> dict[tuple[str, ...], float]:
    """Return the coefficients of a model file by where they stand in it."""
    values: dict[tuple[str, ...], float]
    values = {("effect", n, s): d.value for n, e in record.effects.items() for s, d in e.specialties.items()}
    for kind, one in record.types.items():
        for s, cell in one.cells.items():
            values |= {(kind, s, n): getattr(cell, n).value for n in ("level", "alpha", "beta")}
            values |= {(kind, s, "kappa", n): d.value for n, d in cell.kappa.items()}
            if cell.chain is not None:
                names = ("invitations", "dispersion", "rank_slope", "profile_rate")
                values |= {(kind, s, n): getattr(cell.chain, n).value for n in names}
    return values


def shipped_gap(trained: Trained, model: Model) -> tuple[float, int]:
    """Return the largest difference between coefficients trained here and the model's, and their number."""
    fresh, stored = _values(document(trained, "here")), _values(model.record)
    gaps = [abs(fresh[k] - v) if k in fresh else np.inf for k, v in stored.items()]
    return float(max(gaps)), len(gaps)


def shipped_sentence(trained: Trained, model: Model) -> str:
    """Say whether what is trained here is what the model file holds."""
    gap, count = shipped_gap(trained, model)
    agree = (
        f"differ by up to {fixed(gap, 4)}: the model file was trained on other tables or by another version"
    )
    return (
        f"{count:,} coefficients (levels, slopes, effects, centrings, chains) trained here and those of the "
        f"model {model.name} {'agree to four decimals' if gap < AGREE else agree}."
    )
