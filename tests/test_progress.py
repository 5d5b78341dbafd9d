"""What long work says of itself."""

from matchmodel import progress


def test_progress_is_said_after_a_second_and_not_before(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    soon = progress.Soon()
    for now[0] in (0.5, 1.5, 2.0, 3.0):
        soon(f"at {now[0]}")
    assert capsys.readouterr().err == "at 1.5 (2 s)\nat 3.0 (3 s)\n"


def test_without_a_terminal_the_time_left_is_said_once_a_minute(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    with progress.Progress(10) as bar:
        bar.part("a long part")
        for now[0], weight in ((30.0, 1.0), (70.0, 1.0), (100.0, 1.0), (140.0, 1.5), (400.0, 5.5)):
            bar.step(weight)
    said = capsys.readouterr().err.splitlines()
    # 2 of 10 in 70 s leave 280 s; 4.5 of 10 in 140 s leave 171 s
    assert said == ["a long part", "  20% done, about 5 min left", "  45% done, about 3 min left"]
