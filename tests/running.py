"""The command line in process."""

from matchmodel.cli.main import main


def run(capsys, *words):
    """Run the command line; (status, standard output, standard error)."""
    try:
        status = main([str(word) for word in words])
    except SystemExit as stop:  # argparse's own refusals
        status = stop.code
    captured = capsys.readouterr()
    return status, captured.out, captured.err
