"""What long work says of itself."""

from matchmodel import progress


def test_progress_is_said_after_a_second_and_not_before(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    soon = progress.Soon()
    for now[0] in (0.5, 1.5, 2.0, 3.0):
        soon(f"at {now[0]}")
    assert capsys.readouterr().err == "at 1.5 (2 s)\nat 3.0 (3 s)\n"
