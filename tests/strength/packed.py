"""Workbooks and PDFs: what is packed in them may have no end."""

import io
import zipfile
import zlib

from .asking import Fault
from .kinds import kind
from .tables import PART, PEOPLE, _scored, bounded


def _book(parts, deflate=True):
    """A workbook of some parts, over the least that a workbook has."""
    from openpyxl import Workbook

    made, out = io.BytesIO(), io.BytesIO()
    book = Workbook()
    for line in PEOPLE.splitlines():
        book.active.append(line.split(","))
    book.save(made)
    how = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
    with zipfile.ZipFile(made) as sound, zipfile.ZipFile(out, "w", how) as spoilt:
        for name in [*sound.namelist(), *(n for n in parts if n not in sound.namelist())]:
            change = parts.get(name)
            raw = sound.read(name) if name in sound.namelist() else b""
            with spoilt.open(name, "w") as file:
                for piece in change(raw) if change else (raw,):
                    file.write(piece)
    return out.getvalue()


SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
LAUGHS = '<!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 10)
) + "]>"  # fmt: skip


def _with_doctype(doctype, inside):
    def change(raw):
        text = raw.decode().replace("<?xml version='1.0' encoding='UTF-8'?>", "").lstrip()
        return (('<?xml version="1.0"?>' + doctype + text.replace("Internal Medicine", inside, 1)).encode(),)

    return change


@kind(PART, "workbooks: zip bombs, billion laughs, external entities and links, absurd sizes", 10, 10)
def workbooks(rng, folder):
    (folder / "secret.txt").write_text("Internal Medicine", encoding="utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{folder / "secret.txt"}">]>'
    zeros = b"<row><c t='inlineStr'><is><t>" + b" " * (1 << 20)
    row = b"<row>" + b"<c><v>1</v></c>" * 1000 + b"</row>"
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    columns = b'<cols><col min="1" max="999999999" width="9" hidden="1"/></cols>'
    spoilt = {
        "bomb": {SHEET: lambda raw: [raw.replace(b"</sheetData>", b""), *[b" " * (1 << 20)] * 1500]},
        "strings": {STRINGS: lambda raw: [b"<sst>", *[b"<si><t>x</t></si>" * 60_000] * 1000, b"</sst>"]},
        "other part": {"xl/media/image1.png": lambda raw: [zeros] * 1500},
        "cells": {SHEET: lambda raw: [b"<worksheet><sheetData>", *[row] * 20_000]},
        "laughs": {STRINGS: _with_doctype(LAUGHS, "&a9;"), SHEET: _with_doctype(LAUGHS, "&a9;")},
        "entity": {STRINGS: _with_doctype(entity, "&s;"), SHEET: _with_doctype(entity, "&s;")},
        "far": {SHEET: lambda raw: [raw.replace(b'r="A2"', b'r="XFD1048576"')]},
        "deep": {SHEET: lambda raw: [b"<worksheet>" + b"<a>" * 2_000_000]},
        "merged": {SHEET: lambda raw: [raw.replace(b"</sheetData>", b"</sheetData>" + merged)]},
        "columns": {SHEET: lambda raw: [raw.replace(b"<sheetData>", columns + b"<sheetData>")]},
    }  # fmt: skip
    for name, parts in spoilt.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(_book(parts))
        outcome = bounded(["score", path, folder / "out.csv"])
        if outcome == "answered" and name in ("laughs", "entity", "bomb", "cells", "strings"):
            raise Fault(f"the workbook of {name} was read")
        (folder / "out.csv").unlink(missing_ok=True)
        yield outcome


@kind(PART, "bytes changed in a workbook", 12, 300)
def workbook_bytes(rng, folder):
    whole, path, out = _book({}), folder / "in.xlsx", folder / "out.csv"
    stored = _book({}, deflate=False)
    while True:
        raw = bytearray(rng.choice((whole, stored)))
        for _ in range(rng.randrange(1, 4)):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        path.write_bytes(raw[: rng.choice((None, None, rng.randrange(len(raw))))])
        yield _scored(path, out)


def _pdf(objects):
    out = bytearray(b"%PDF-1.4\n")
    at = []
    for number, body in enumerate(objects, start=1):
        at.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(at) + 1) + b"".join(
        b"%010d 00000 n \n" % a for a in at
    )
    return bytes(out + b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(at) + 1, start))


def _stream(raw, more=b""):
    packed = zlib.compress(raw)
    return b"<</Length %d /Filter /FlateDecode %s>>\nstream\n%s\nendstream" % (len(packed), more, packed)


def _page(content, more=(), resources=b"<<>>", kids=b"[3 0 R]", count=b"1"):
    return _pdf([
        b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids %s /Count %s>>" % (kids, count),
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources %s>>" % resources,
        content, *more,
    ])  # fmt: skip


@kind(PART, "PDFs that recurse, lie about their pages, or unpack without end", 14, 14)
def pdfs(rng, folder):
    text = _stream(b"BT /F1 12 Tf 50 700 Td (Matched) Tj ET")
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
    tree = [
        _stream(b"/A Do /A Do", form + b"/Resources <</XObject <</A %d 0 R>>>>" % (k + 1))
        for k in range(5, 35)
    ]
    tree.append(_stream(b"BT (x) Tj ET", form))
    bomb = zlib.compress(zlib.compress(bytes(1 << 20) * 600))
    spoilt = {
        "a page that is its own parent": _page(text, kids=b"[2 0 R 3 0 R]", count=b"2"),
        "pages without end": _page(text, count=b"999999999"),
        "pages below none": _page(text, count=b"-5"),
        "no pages": _page(text, kids=b"[]", count=b"3"),
        "pages that are none": _page(text, kids=b"[4 0 R 99 0 R (x) 1]", count=b"4"),
        "a form that draws itself": _page(
            _stream(b"/A Do"), [_stream(b"/A Do", form + b"/Resources <</XObject <</A 5 0 R>>>>")],
            b"<</XObject <</A 5 0 R>>>>",
        ),
        "forms that double": _page(_stream(b"/A Do"), tree, b"<</XObject <</A 5 0 R>>>>"),
        "a bomb": _page(_stream(bytes(1 << 20) * 900)),
        "a bomb in a bomb": _page(
            b"<</Length %d /Filter [/FlateDecode /FlateDecode]>>\nstream\n%s\nendstream" % (len(bomb), bomb)
        ),
        "words without end": _page(_stream(b"BT (x) Tj ET\n" * 4_000_000)),
        "lines without end": _page(_stream(b"0 0 m 1 1 l S\n" * 3_000_000)),
        "nested": _page(_stream(b"[" * 3_000_000)),
        "a length that lies": _page(b"<</Length 99999999999>>\nstream\nBT ET\nendstream"),
        "a length that is itself": _page(b"<</Length 4 0 R>>\nstream\nBT ET\nendstream"),
    }  # fmt: skip
    for name, raw in spoilt.items():
        path = folder / "in.pdf"
        path.write_bytes(raw)
        outcome = bounded(
            ["read-pdf", path, "--pages", "1", "--layout", "counts", "--out", folder / "o.csv"], seconds=150
        )
        if outcome != "refused":
            raise Fault(f"{name} was read")
        yield outcome
