"""The list of styles: what it says is what the pages say, and it takes none of the studio's packages."""

import json
import subprocess
import sys
import tomllib
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import styles
from cli.main import app
from studio import instruments
from studio.style import FOLDER
from studio.style import styles as every_style
from tests.template import ROOT

PAGES = {path.stem: tomllib.loads(path.read_text()) for path in FOLDER.glob("*.toml")}
HEAVY = ("numpy", "onnxruntime", "av", "scipy")


def told() -> dict[str, dict[str, Any]]:
    answer = CliRunner().invoke(app, ["styles", "--json"])
    assert answer.exit_code == 0, answer.output
    return {one["name"]: one for one in json.loads(answer.stdout)}


def test_every_style_is_told_with_the_numbers_of_its_page() -> None:
    found = told()
    assert found.keys() == PAGES.keys()
    for name, page in PAGES.items():
        assert {key: found[name][key] for key in ("title", "about", "tempo", "words")} == {
            key: page[key] for key in ("title", "about", "tempo", "words")
        }


@pytest.mark.parametrize(
    ("name", "feel", "metre"),
    [
        ("8-bit", "straight", "as the song"),
        ("jazz-trio", "swung, 64%", "as the song"),
        ("waltz", "straight, in 3", 3),
    ],
)
def test_feel_and_metre_are_told(name: str, feel: str, metre: object) -> None:
    assert (told()[name]["feel"], told()[name]["metre"]) == (feel, metre)


def test_takes_are_told_by_instruments_with_the_tunes_own_first() -> None:
    first, second = told()["bossa-nova"]["takes"]
    assert first == ["flute", "nylon guitar", "double bass", "drum kit"]
    assert second == ["tenor sax", "nylon guitar", "fingered bass", "drum kit"]


def test_general_midi_is_whole_and_each_name_stands_at_its_number() -> None:
    assert [instruments.name(number) for number in (0, 40, 56, 73, 127)] == [
        "grand piano",
        "violin",
        "trumpet",
        "flute",
        "gunshot",
    ]
    with pytest.raises(IndexError):
        instruments.name(129)


def test_each_program_of_each_style_has_a_name() -> None:
    for style in every_style().values():
        for part in style.part:
            assert all(instruments.name(program) for program in part.program), (style.name, part.name)


def test_a_person_gets_a_line_a_style() -> None:
    lines = CliRunner().invoke(app, ["styles"]).stdout.splitlines()
    (line,) = [one for one in lines if one.startswith("music-box ")]
    assert "76-112" in line
    assert "music box" in line
    assert PAGES["music-box"]["about"] in line
    assert len(lines) == len(PAGES) + 1


def test_none_of_the_studios_packages_is_needed() -> None:
    barred = f"import sys; sys.modules.update(dict.fromkeys({HEAVY!r}))"
    asked = f"{barred}; from cli.main import main; sys.argv = ['reprise', 'styles', '--json']; main()"
    answer = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert len(json.loads(answer.stdout)) == len(PAGES)


def test_a_style_that_bends_the_metre_says_so() -> None:
    bent = {name for name, page in PAGES.items() if page.get("metre")}
    assert bent == {"waltz"}
    assert {name for name, one in every_style().items() if "in 3" in styles.feel(one)} == bent
