"""Pictures in the pages: of the real thing, and whole in themselves."""

import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.template import ROOT

README = (ROOT / "README.md").read_text()
EMBEDDED = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
FOLDERS = ("bench", "console/public", "docs", "layers/core")
DRAWN = sorted(str(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).rglob("*.svg"))
ALLOWED = re.compile(r"#|data:image/")


@pytest.mark.parametrize("folder", ["docs/console", "docs/terminal"])
def test_the_readme_shows_the_console_and_the_terminal(folder: str) -> None:
    shown = [path for path in EMBEDDED.findall(README) if path.startswith(f"{folder}/")]
    assert shown
    assert all((ROOT / path).is_file() for path in shown)


def test_the_terminal_shows_the_line_that_the_readme_lets_one_type() -> None:
    (line,) = re.findall(r"^    \.venv/bin/(reprise cover .*)$", README, re.M)
    first, *rest = screen(ROOT / "docs/terminal/cover.svg")
    assert shlex.split(first)[1:] == shlex.split(line, comments=True)
    assert any("succeeded" in one for one in rest)


def test_the_timeline_in_the_picture_ends_with_why_and_what_to_do() -> None:
    first, *rest = screen(ROOT / "docs/terminal/timeline.svg")
    assert re.fullmatch(r"\$ reprise timeline [0-9a-f]{32}", first)
    assert any("cover.failed" in one for one in rest)
    assert rest[-1].startswith("To mend it: ")


def screen(picture: Path) -> list[str]:
    """Its lines: texts of one height, from left to right. Spaces are hard ones in the picture."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for text in ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314 - ours
        if "-title" not in text.get("class", ""):
            lines.setdefault(float(text.get("y", 0)), []).append((float(text.get("x", 0)), text.text or ""))
    joined = ("".join(words for _, words in sorted(parts)) for _, parts in sorted(lines.items()))
    return [line.replace("\xa0", " ").strip() for line in joined if line.strip()]


@pytest.mark.parametrize("path", DRAWN)
def test_a_drawing_loads_nothing_from_elsewhere(path: str) -> None:
    assert outside(ElementTree.parse(ROOT / path).getroot()) == []  # noqa: S314 - ours


def test_what_a_drawing_would_load_is_noticed() -> None:
    drawing = """<svg xmlns="http://www.w3.org/2000/svg"><style>@import "a.css"; @font-face {src: url('//b/c')}</style>
    <image href="https://d/e.png"/><path fill="url(#here)"/><script/><use href="#here"/></svg>"""
    assert outside(ElementTree.fromstring(drawing)) == ["@import", "//b/c", "https://d/e.png", "script"]  # noqa: S314


def outside(drawing: ElementTree.Element) -> list[str]:
    """What it loads: addresses in styles and links that lead out of it, and scripts."""
    found: list[str] = []
    for one in drawing.iter():
        texts = [one.text or "", *one.attrib.values()]
        found += [word for text in texts for word in re.findall("@import", text)]
        named = [address for text in texts for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", text)]
        named += [value for name, value in one.attrib.items() if name.rpartition("}")[2] in ("href", "src")]
        found += [address for address in named if not ALLOWED.match(address)]
        found += ["script"] * one.tag.endswith("}script")
    return found
