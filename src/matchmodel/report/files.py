"""Text files, written whole or not at all."""

import os


def replace_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file whole or not at all: to a neighbour, then renamed."""
    path = os.path.realpath(path)  # so that a link stays one
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(beside, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.remove(beside)
