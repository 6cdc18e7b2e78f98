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
print("1 of 1  Still", flush=True)
if pathlib.Path(__file__ + ".refuses").exists():
    sys.exit("no_melody: there is no tune in it")
"""
"""Stands for the Python of the studio: it keeps what it is asked."""


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


def test_title_and_places_are_handed_on_and_its_words_are_shown(
    environment: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert gallery(None, out, home=tmp_path / "home") == 0
    assert "1 of 1  Still" in capsys.readouterr().out
    song = tmp_path / "home/song.mp3"
    assert song.is_file()
    asked = (environment / "bin/python.asked").read_text()
    assert asked == f'["-m", "studio.gallery", "--title={TITLE}", "--out={out}/gallery", "--", "{song}"]'


def test_a_refusal_is_told_with_its_reason(environment: Path, tmp_path: Path) -> None:
    (environment / "bin/python.refuses").touch()
    for _ in range(2):
        with pytest.raises(LocalError, match="could not be made") as told:
            gallery(None, tmp_path / "out", home=tmp_path / "home")
        assert str(told.value).count("no_melody: there is no tune in it") == 1


def test_a_song_that_is_none_is_told_before_anything_starts(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "song.mp3").write_text("<html>")
    with pytest.raises(LocalError, match="SONG is not audio"):
        gallery(str(tmp_path / "song.mp3"), tmp_path / "out")
    assert not (environment / "bin/python.asked").exists()


def test_without_the_studio_it_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(studio, "ENVIRONMENT", tmp_path)
    with pytest.raises(LocalError, match="The studio is not installed"):
        gallery(None, tmp_path / "out")
