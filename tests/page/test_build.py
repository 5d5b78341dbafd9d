"""The file: small, self-contained, closed by its own policy, the same bytes each time; and the command."""

import re
from base64 import b64encode
from hashlib import sha256

import numpy as np
import pytest

from matchmodel.page import build_page
from matchmodel.page.build import ENGINE, PAGE, _read
from matchmodel.page.reliability import groups, section

from ..running import run

MOST = 900_000  # bytes


def inline(html, tag):
    return re.search(f"<{tag}>(.*?)</{tag}>", html, re.S).group(1)


def test_the_page_is_small_and_the_same_each_time(html, shipped):
    assert 500_000 < len(html.encode()) <= MOST
    assert build_page(shipped) == build_page(shipped)


@pytest.mark.parametrize("tag", ["script", "style"])
def test_its_policy_allows_its_own_script_and_style_alone(html, tag):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html).group(1)
    allowed = b64encode(sha256(inline(html, tag).encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ") and f"{tag}-src 'sha256-{allowed}'" in policy
    assert "unsafe" not in policy and "http" not in policy


def test_it_asks_for_nothing_and_evaluates_nothing(html):
    own = html.replace("http://www.w3.org/2000/svg", "")
    shell = re.sub(r'<script type="application/json".*?</script>', "", own, flags=re.S)
    assert not re.search(r"https?://|\bsrc=|@import|url\(|<link", shell)
    for name in (*ENGINE, *PAGE):
        script = _read(f"{name}.js")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function|fetch\(|XMLHttp|"
            r"sendBeacon|WebSocket|localStorage|sessionStorage|indexedDB|document\.cookie|\.style\b",
            script,
        ), name
    assert not re.search(r"\son\w+=|\sstyle=", shell)


def test_nothing_in_the_data_ends_its_element(html):
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S).group(1)
    assert "<" not in data and data.endswith("}")


@pytest.mark.parametrize("name", [f"{name}.js" for name in (*ENGINE, *PAGE)] + ["template.html", "style.css"])
def test_a_file_stays_short(name):
    assert _read(name).count("\n") <= 400


def test_the_engine_knows_no_page():
    for name in ENGINE:
        assert not re.search(
            r"\b(document|window|location|navigator|Date|fetch|Math\.random)\b[.(]", _read(f"{name}.js")
        ), name


def test_tenths_of_applicants_hold_them_all():
    rng = np.random.default_rng(1)
    bins = [
        {"predicted": p, "total": int(n), "matched": int(n * p)}
        for p, n in zip(rng.random(80), rng.integers(0, 50, 80), strict=True)
    ]
    found = groups(bins)
    assert sum(n for *_, n in found) == sum(b["total"] for b in bins)
    assert all(low <= seen <= high for _, seen, low, high, _ in found)
    assert [p for p, *_ in found] == sorted(p for p, *_ in found) and len(found) <= 10


@pytest.mark.parametrize("evaluation", [None, {}, {"held_out": {}}])
def test_without_an_evaluation_there_is_no_picture(evaluation):
    assert section(evaluation) == ""


def test_the_command_writes_it_with_its_links(tmp_path, capsys):
    out = tmp_path / "new" / "page.html"
    status, said, _ = run(capsys, "page", "--out", out, "--docs", 'a"b.html')
    assert status == 0 and str(out) in said and "match-2026" in said
    text = out.read_text(encoding="utf-8")
    assert 'href="a&quot;b.html"' in text and "12,594 applicants" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "page.txt"], "name it so that it ends in .html"),
        (["--out", "page.html", "--evaluation", "none.json"], "cannot be read as an evaluation"),
        (["--out", "page.html", "--model", "none.json"], "there is no model file none.json"),
        ([], "--out"),
    ],
)
def test_the_command_refuses_in_one_line(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    status, _, error = run(capsys, "page", *words)
    assert status in (1, 2) and said in error and error.count("\n") == 1
    assert not list(tmp_path.iterdir())
