"""`python -m tests.supply.packages`: pin every package that the extras bring, as installed here.

Run it by `make lock`, which installs the newest of each into an environment of its own.
"""

import sys
import tomllib
from importlib.metadata import distribution, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

EXTRAS = ("train", "pdf", "plots")  # those of a person who asks, trains, reads and draws
ROOT = Path(__file__).parents[2]
LOCK = ROOT / "constraints" / "newest.txt"
HEAD = """\
# The newest versions that the tests have passed with, of what the extras bring and of what that brings.
# make installs these; make lock takes the newest again.
"""


def brought() -> dict[str, str]:
    """Return the packages that are installed for the extras, and who asks for each.

    Returns
    -------
    packages
        {name: 'every question', an extra, or the packages that require it, in words}.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asks: dict[str, list[str]] = {}
    seen: set[str] = set()

    def walk(texts: list[str], extras: tuple[str, ...], by: str) -> None:
        for text in texts:
            one = Requirement(text)
            package = canonicalize_name(one.name)
            if one.marker is not None and not any(one.marker.evaluate({"extra": extra}) for extra in extras):
                continue
            asks.setdefault(package, []).append(by)
            if package not in seen:
                seen.add(package)
                walk(requires(package) or [], ("", *one.extras), package)

    walk(project["dependencies"], (), "every question")
    for extra in EXTRAS:
        walk(project["optional-dependencies"][extra], (), f"extra {extra}")
    return {package: ", ".join(who) for package, who in sorted(asks.items())}


def licence(package: str) -> str:
    """Return a package's licence as its metadata has it: the expression, else classifiers, else the text."""
    found = distribution(package).metadata
    classified = [
        line.rpartition("::")[2].strip()
        for line in found.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    return found.get("License-Expression") or ", ".join(classified) or found.get("License") or "not said"


def installed(package: str) -> str:
    """Return the version of a package that is installed here."""
    return distribution(package).version


def pinned() -> dict[str, str]:
    """Return the lock file's versions."""
    lines = LOCK.read_text("utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


if __name__ == "__main__":
    LOCK.write_text(HEAD + "".join(f"{name}=={installed(name)}\n" for name in brought()), "utf-8")
    sys.stdout.write(f"{LOCK.name}: {len(pinned())} packages\n")
