"""Who stands for something, as initials and a date: it says who, and proves nothing."""

import re

EXPECTED = 'initials and a date, such as "AB, 2027-03-01"'
LONGEST = 60
_SIGNED = re.compile(r"[^,]*\w[^,]*, \d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def is_signature(text: str) -> bool:
    """Whether a text is initials (or a name) and a date, on one line."""
    return len(text) <= LONGEST and text.isprintable() and _SIGNED.fullmatch(text) is not None
