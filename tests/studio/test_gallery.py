"""The page of a gallery: whole, valid, and every sound and picture on it is there."""

import json
import subprocess
import sys
from html.parser import HTMLParser
from math import log10
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio import audio, loudness
from studio.gallery import page
from studio.mix import RATE
from studio.style import styles
from studio.wish import Wish
from studio.words import understand
from tests.studio.songs import BEAT, played

STYLES = ("music-box", "8-bit")
TITLE = 'Ode & "Joy" <one>'
VOID = {"meta", "img", "input", "path", "br", "link"}


class Page(HTMLParser):
    """Fails at a tag that is closed in the wrong order, and keeps what the page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag} says something twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.text[self.open[-1]] = self.text.get(self.open[-1], "") + data

    def values(self, name: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(name))]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made by the command, as its user would."""
    folder = tmp_path_factory.mktemp("gallery")
    song = folder / "song.wav"
    audio.encode(played(rate=RATE), RATE, song)
    command = [
        sys.executable,
        "-m",
        "studio.gallery",
        str(song),
        "--title",
        TITLE,
        "--out",
        str(folder / "made"),
        "--styles",
    ]
    told = subprocess.run([*command, *STYLES], capture_output=True, text=True, check=False, timeout=300)
    assert told.returncode == 0, told.stderr
    assert "1 of 2" in told.stdout
    assert f"Listen: {(folder / 'made/index.html').as_uri()}" in told.stdout
    return folder / "made"


@pytest.fixture(scope="module")
def shown(out: Path) -> Page:
    found = Page()
    found.feed((out / "index.html").read_text())
    found.close()
    return found


def test_the_page_is_whole(shown: Page) -> None:
    assert shown.open == []
    assert len(shown.values("id")) == len(set(shown.values("id")))
    assert shown.text["h1"] == TITLE
    assert [tag for tag, _ in shown.tags].count("article") == len(STYLES)


def test_all_that_it_names_lies_beside_it_and_nothing_of_it_elsewhere(shown: Page, out: Path) -> None:
    named = [*shown.values("src"), *shown.values("href")]
    places = [one for one in named if one.startswith("#")]
    files = {one for one in named if not one.startswith("#")}
    assert {one.removeprefix("#") for one in places} == set(STYLES)
    wanted = {f"{style}/{name}" for style in STYLES for name in ("take-1.mid", "take-2.mid", "picture.png")}
    wanted |= {f"{style}/take-{take}.mp3" for style in STYLES for take in (1, 2)} | {"source.mp3"}
    assert files == wanted
    assert all((out / one).stat().st_size > 100 for one in files)


def test_every_label_leads_to_something(shown: Page) -> None:
    assert set(shown.values("aria-labelledby")) <= set(shown.values("id"))


def test_each_sound_decodes_and_is_another(shown: Page, out: Path) -> None:
    sources = [str(attributes["src"]) for tag, attributes in shown.tags if tag == "audio"]
    assert len(sources) == len(set(sources)) == 1 + 2 * len(STYLES)
    assert all(audio.decode(out / one, RATE).shape[1] > 10 * RATE for one in sources)
    assert len({(out / one).read_bytes() for one in sources}) == len(sources)


@pytest.fixture(scope="module")
def sounds(out: Path) -> dict[str, list[dict[str, Any]]]:
    """What the player on the page knows."""
    html = (out / "index.html").read_text()
    known: dict[str, list[dict[str, Any]]] = json.loads(html.split('id="sounds">')[1].split("</script>")[0])
    assert known.keys() == {"source", *STYLES}
    return known


def test_places_of_the_song_are_known_in_every_sound(sounds: dict[str, list[dict[str, Any]]], out: Path) -> None:
    (source,) = sounds["source"]
    step = np.median(np.diff(source["beats"])) / BEAT
    assert min(abs(step - 1), abs(step - 2)) < 0.05  # a beat, or every second one
    for style in STYLES:
        for take, one in enumerate(sounds[style], 1):
            seconds = audio.decode(out / f"{style}/take-{take}.mp3", RATE).shape[1] / RATE
            assert one["beats"] == sorted(one["beats"])
            assert len(one["beats"]) > len(source["beats"]) / 2
            assert seconds - 5 < one["beats"][-1] < seconds


def test_all_are_heard_equally_loud(sounds: dict[str, list[dict[str, Any]]], out: Path) -> None:
    files = {"source": ["source.mp3"]} | {style: [f"{style}/take-{take}.mp3" for take in (1, 2)] for style in STYLES}
    heard = [
        loudness.lufs(audio.decode(out / file, RATE), RATE) + 20 * log10(one["volume"])
        for style, every in sounds.items()
        for file, one in zip(files[style], every, strict=True)
    ]
    assert max(heard) - min(heard) < 0.1
    assert max(one["volume"] for every in sounds.values() for one in every) == 1


def test_a_style_is_found_by_its_title() -> None:
    """What the gallery wishes for."""
    assert {name: understand(Wish(style=one.title)).style.name for name, one in styles().items()} == {
        name: name for name in styles()
    }


def test_a_song_without_a_tune_is_refused_in_words(tmp_path: Path) -> None:
    song = tmp_path / "still.wav"
    audio.encode(played() * 0, 22050, song)
    command = [sys.executable, "-m", "studio.gallery", str(song), "--out", str(tmp_path / "made"), "--styles", "8-bit"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (told.returncode, told.stderr.partition(":")[0]) == (1, "no_melody")
    assert not (tmp_path / "made/index.html").exists()


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00"), (59.6, "0:59"), (125, "2:05")])
def test_lengths_are_minutes_and_seconds(seconds: float, words: str) -> None:
    assert page.clock(seconds) == words
