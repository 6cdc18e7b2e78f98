"""What the user gave, told in words before anything starts."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from local import checks, song
from local.checks import title_of, usable_out, usable_song, usable_style
from local.demo import demo
from local.errors import LocalError


@pytest.fixture(scope="module")
def mp3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("songs") / "-dash.mp3"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(song, "mix", lambda: np.zeros((2, 3 * song.RATE)))
        song.render(path)
    return path


def test_a_song_is_taken_whatever_its_name(mp3: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mp3.parent)
    assert usable_song("-dash.mp3") == Path("-dash.mp3")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "SONG is empty"),
        (b"just a text, and no song at all", "SONG is not audio"),
        (b"ID3" + bytes(500), "SONG cannot be used"),
    ],
)
def test_what_is_no_song_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(content)
    with pytest.raises(LocalError, match=said):
        usable_song(str(path))


def test_a_song_that_is_too_large_is_refused(mp3: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MOST_SOURCE_BYTES", 10_000)
    with pytest.raises(LocalError, match=r"SONG has 0.1 MB"):
        usable_song(str(mp3))


def test_a_song_that_is_too_long_is_refused(tmp_path: Path, mp3: Path) -> None:
    long = tmp_path / "long.mp3"
    with long.open("wb") as sink:
        for _ in range(200):
            with mp3.open("rb") as source:
                shutil.copyfileobj(source, sink)
    with pytest.raises(LocalError, match=r"SONG is 10\.\d minutes long"):
        usable_song(str(long))


def test_a_file_that_may_not_be_read_is_told(mp3: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(song: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(checks, "head_of", refuse)
    with pytest.raises(LocalError, match=r"SONG cannot be read: .*: Permission denied"):
        usable_song(str(mp3))


def test_an_address_is_shown_as_it_was_typed() -> None:
    with pytest.raises(LocalError, match=r"SONG is a file on this machine, not an address: https://example.com/a.mp3"):
        usable_song("https://example.com/a.mp3")


def test_a_song_that_is_not_there_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="SONG is a folder"):
        usable_song(str(tmp_path))
    with pytest.raises(LocalError, match="SONG is no file"):
        usable_song(str(tmp_path / "absent.mp3"))


@pytest.mark.parametrize(("style", "said"), [("", "empty"), (" \n", "empty"), ("x" * 401, "401 characters")])
def test_a_style_that_no_provider_would_take_is_refused(style: str, said: str) -> None:
    with pytest.raises(LocalError, match=f"STYLE .*{said}"):
        usable_style(style)


def test_a_style_loses_the_blanks_around_it() -> None:
    assert usable_style(f" {'x' * 400} ") == "x" * 400


def test_out_is_made_and_nothing_is_left_in_it(tmp_path: Path) -> None:
    assert list(usable_out(tmp_path / "a" / "b").iterdir()) == []


def test_an_out_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(LocalError, match=r"OUT cannot take the covers: .*out: it is a file"):
        usable_out(tmp_path / "out")


def test_an_out_that_cannot_be_written_is_refused_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(dir: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(LocalError, match="Read-only file system"):
        demo(None, "lo-fi jazz", tmp_path / "out", home=tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_title_is_text_that_every_provider_takes() -> None:
    assert title_of(Path("-dash.mp3")) == "-dash"
    assert title_of(Path("x" * 100 + ".mp3")) == "x" * 80
    assert title_of(Path("caf\udce9.mp3")) == "caf?"
    assert title_of(Path(" .mp3")) == "Untitled"
