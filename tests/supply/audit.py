"""`python -m tests.supply.audit`: are vulnerabilities known of the packages that make installs?

Ends with 1 where there are. Where no database can be reached it says so, and ends with 0.
"""

import json
import subprocess
import sys
from typing import Any

from .packages import LOCK, pinned

AUDIT = (
    "-m",
    "pip_audit",
    "--format",
    "json",
    "--progress-spinner",
    "off",
    "--no-deps",
    "--disable-pip",
    "-r",
)
LONGEST = 120  # seconds


def verdict(found: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """Return the exit status and the lines for what pip-audit found.

    Parameters
    ----------
    found
        Its records: name, and version with vulns or skip_reason.
    """
    audited = [one for one in found if "skip_reason" not in one]
    bad = [
        f"{one['name']} {one['version']}: {', '.join(v['id'] for v in one['vulns'])}"
        for one in audited
        if one["vulns"]
    ]
    if not audited:
        return 0, ["vulnerabilities: no database was reached; nothing was audited"]
    return int(bool(bad)), [*bad, f"vulnerabilities: {len(audited)} of {len(pinned())} packages audited"]


def main() -> int:
    """Audit the lock file."""
    try:
        done = subprocess.run(
            [sys.executable, *AUDIT, str(LOCK)], capture_output=True, text=True, timeout=LONGEST
        )
        found = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        found = []
    status, lines = verdict(found)
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
