"""`matchmodel evaluate` writes figures, report, pictures and card."""

import pytest

from matchmodel.errors import RefusedInput
from matchmodel.etl.store import write_tidy
from matchmodel.evaluate import command
from matchmodel.evaluate.checks.sensitivity import AS_SHIPPED
from matchmodel.evaluate.results import PARTS, read_evaluation
from matchmodel.evaluate.trials import Trial

from .conftest import made_up_answers


def test_one_simulated_data_set_is_refused(tmp_path):
    with pytest.raises(RefusedInput, match="ask for 0 or for 2"):
        command.run_evaluate(tmp_path, out=tmp_path, worlds=1)


@pytest.mark.slow
def test_everything_is_written(everything, evaluation, model_file, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("matchmodel.evaluate.trials.run_all", made_up_answers)
    monkeypatch.setattr(
        command.sensitivity,
        "trials",
        lambda _: [Trial(AS_SHIPPED, "choice", 50), Trial("a choice", "choice", 50)],
    )
    data, out = tmp_path / "tidy", tmp_path / "a folder"
    write_tidy(everything, data)
    made = command.run_evaluate(data, model_file, out, worlds=0)
    printed = capsys.readouterr()
    assert (
        "bars held" in printed.out and "11 pictures" in printed.out
    )  # no data sets simulated, and no source left out
    assert "score bins of the 2007 report" in printed.err
    found = read_evaluation(out)
    assert list(found) == [name for name in PARTS if name != "worlds"] and set(found) == set(made)
    assert found["held_out"] == evaluation["held_out"] and found["model"]["trained_again_same"]
    assert sorted(p.name for p in out.iterdir() if p.suffix != ".png") == [
        "MODEL_CARD.md",
        "evaluation.json",
        "evaluation.md",
    ]
    assert "(evaluation.json)" in (out / "MODEL_CARD.md").read_text(encoding="utf-8")
