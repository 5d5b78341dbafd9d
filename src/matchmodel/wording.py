"""Words and numbers that every text for a person shares.

Standard library only: this module is on the path of ``predict``.
"""

TYPE_NAMES = {"us-img": "US IMG", "non-us-img": "non-US IMG"}
WIDTH = 80


def type_name(kind, several=False):
    """Return an applicant type as a person writes it: 'non-US IMG', or 'non-US IMGs'."""
    name = TYPE_NAMES.get(kind, kind)
    return name + "s" if several else name


def percent(p):
    """Return a probability as text, with a decimal, never rounded to 0% or 100%."""
    if p < 0.001:
        return "<0.1%"
    if p > 0.999:
        return ">99.9%"
    return f"{100 * p:.1f}%"


def wrapped(text, indent):
    """Return text in lines of `WIDTH`, each after `indent`; the first after indent's last '-'."""
    lines, line = [], ""
    for word in text.split():
        if line and len(indent) + len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    blank = " " * len(indent)
    return "\n".join((indent if k == 0 else blank) + text for k, text in enumerate(lines))
