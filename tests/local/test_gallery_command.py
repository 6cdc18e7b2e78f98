"""`make gallery`, up to where the studio's own environment renders; what it renders is tested in tests/studio."""

import sys
from pathlib import Path

import pytest

from local import studio
from local.errors import LocalError
from local.gallery import gallery
from local.song import TITLE

STUDIO = f"""#!{sys.executable}
import json, pathlib, sys
pathlib.Path(__file__ + ".asked").write_text(json.dumps(sys.argv[1:]))
sys.exit(3)
"""
"""Stands for the Python of the studio: keeps what it is asked, and ends with a code of its own."""


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "environment"
    (folder / "bin").mkdir(parents=True)
    python = folder / "bin/python"
    python.write_text(STUDIO)
    python.chmod(0o755)
    (folder / ".ready").touch()
    monkeypatch.setattr(studio, "ENVIRONMENT", folder)
    return folder


def test_the_songs_own_title_and_place_are_handed_on_and_so_is_the_end(environment: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert gallery(None, out, home=tmp_path / "home") == 3
    song = tmp_path / "home/song.mp3"
    assert song.is_file()
    asked = (environment / "bin/python.asked").read_text()
    assert asked == f'["-m", "studio.gallery", "--title={TITLE}", "--out={out}/gallery", "--", "{song}"]'


def test_a_song_that_is_none_is_told_before_anything_starts(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "song.mp3").write_text("<html>")
    with pytest.raises(LocalError, match="SONG is not audio"):
        gallery(str(tmp_path / "song.mp3"), tmp_path / "out")
    assert not (environment / "bin/python.asked").exists()


def test_without_the_studio_it_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(studio, "ENVIRONMENT", tmp_path)
    with pytest.raises(LocalError, match="The studio is not installed"):
        gallery(None, tmp_path / "out")
