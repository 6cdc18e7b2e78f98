"""Songs go in as links, paths, open files or uploads; takes come out as files that are whole and have names."""

import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from reprise.client import (
    ApiError,
    InvalidError,
    Reprise,
    SongError,
    UnreachableError,
    Upload,
    WaitedTooLongError,
    WrongUsageError,
)
from reprise.http.shapes.covers import Cover

from tests.client.world import SONG, World

LINK = "https://songs.example/a.mp3"


def done(client: Reprise, **wish: str) -> str:
    cover = client.covers.create(LINK, style="lo-fi jazz", **wish)  # type: ignore[arg-type]
    assert client.covers.wait(cover["id"])["state"] == "succeeded"
    return cover["id"]


def test_a_path_an_open_file_and_an_upload_are_the_same_song(world: World, client: Reprise, song: Path) -> None:
    upload = client.upload(song)
    names = []
    for one in (song, str(song), upload, io.BytesIO(SONG)):
        source = client.covers.create(one, prompt="dub")["request"]["source"]
        assert str(source["object"]).startswith("uploads/owner/")
        names.append(source.get("name"))
    assert names == ["song.mp3", "song.mp3", "song.mp3", None]
    assert set(world.house.objects("INBOX_BUCKET", "uploads/").values()) == {SONG}
    assert len(world.house.objects("INBOX_BUCKET", "uploads/")) == 4


def test_a_link_is_not_uploaded(world: World, client: Reprise) -> None:
    assert client.covers.create(LINK, prompt="dub")["request"]["source"] == {"url": LINK}
    assert world.house.objects("INBOX_BUCKET") == {}


def test_a_song_that_cannot_be_used_is_told_before_anything_is_sent(
    world: World, client: Reprise, tmp_path: Path
) -> None:
    (tmp_path / "empty.mp3").touch()
    (tmp_path / "notes.txt").write_text("la la la")
    cases = {"empty.mp3": "is empty", "notes.txt": "is not audio", "none.mp3": "No such file", ".": "directory"}
    for name, said in cases.items():
        with pytest.raises(SongError, match=said):
            client.covers.create(tmp_path / name, prompt="dub")
    assert world.asked == []


@pytest.mark.parametrize("song", [None, SONG, {"upload": "1" * 32}, 4711], ids=lambda one: type(one).__name__)
def test_what_no_song_can_be_is_told_before_anything_is_sent(world: World, client: Reprise, song: Any) -> None:
    with pytest.raises(SongError, match="is no") as raised:
        client.covers.create(song, prompt="dub")
    assert "client.upload" in raised.value.mend
    assert world.asked == []


def test_an_open_file_that_cannot_be_read_as_bytes_is_told(world: World, client: Reprise, song: Path) -> None:
    with song.open(encoding="latin-1") as text, pytest.raises(SongError, match="as text"):
        client.upload(text)  # type: ignore[arg-type]
    with pytest.raises(SongError, match="closed file"):
        client.upload(text)  # type: ignore[arg-type]
    assert world.asked == []


@pytest.mark.parametrize("wish", [{"max_usd": float("nan")}, {"style": Path("dub")}, {"style": "\udcff"}])
def test_a_wish_that_is_no_json_is_told_before_anything_is_sent(
    world: World, client: Reprise, wish: dict[str, Any]
) -> None:
    with pytest.raises(WrongUsageError, match="nothing was sent"):
        client.covers.create(LINK, **wish)
    assert world.asked == []


@pytest.mark.parametrize("wish", [{"provider": "suno"}, {"pitch": 40}, {"metadata": {"a": 1}}])
def test_a_wish_that_is_refused_uploads_no_song(
    world: World, client: Reprise, song: Path, wish: dict[str, Any]
) -> None:
    for order in (client.covers.create, client.covers.consider):
        with pytest.raises(InvalidError) as raised:
            order(song, **wish)
        assert not any(one["field"].startswith("source") for one in raised.value.errors)
        assert "source" not in str(raised.value)
    assert {one.url.path for one in world.asked} == {"/v1/covers"}
    assert world.house.objects("INBOX_BUCKET") == {}


@pytest.mark.parametrize("wish", [{}, {"style": "dub", "max_usd": 0.001}, {"style": "dub", "model": "V99"}])
def test_nor_does_a_wish_that_no_provider_can_serve(
    world: World, client: Reprise, song: Path, wish: dict[str, Any]
) -> None:
    with pytest.raises(InvalidError) as raised:
        client.covers.create(song, **wish)
    assert {one["rule"] for one in raised.value.errors} <= {"required", "over-budget", "unknown"}
    assert {one.url.path for one in world.asked} == {"/v1/covers"}
    assert world.house.objects("INBOX_BUCKET") == {}


def test_a_dry_run_of_it_tells_what_each_provider_has_against_it(client: Reprise, song: Path) -> None:
    told = client.covers.consider(song, style="dub", max_usd=0.001)
    assert (told["chosen"], [one["able"] for one in told["providers"]].count(True)) == (None, 0)


def test_a_song_that_is_too_large_is_told_before_it_is_sent(world: World, client: Reprise, tmp_path: Path) -> None:
    with (tmp_path / "long.mp3").open("wb") as file:
        file.write(SONG)
        file.truncate(100_000_001)
    with pytest.raises(SongError, match="100,000,001 bytes"):
        client.upload(tmp_path / "long.mp3")
    assert [one.url.path for one in world.asked] == ["/v1/uploads"]


def test_an_upload_that_breaks_off_is_sent_again_from_its_beginning(
    world: World, client: Reprise, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, broken = world.bucket, ["once", "twice"]

    def breaks(request: httpx.Request) -> httpx.Response:
        if broken and broken.pop():
            request.read()
            raise httpx.WriteError("broken pipe", request=request)
        return whole(request)

    monkeypatch.setattr(world, "bucket", breaks)
    upload = client.upload(song)
    assert world.house.objects("INBOX_BUCKET") == {f"uploads/owner/{upload.id}": SONG}


def test_a_song_that_the_bucket_refuses_is_an_error_of_the_song(
    world: World, client: Reprise, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "bucket", lambda _: httpx.Response(403, text="<Code>AccessDenied</Code>"))
    with pytest.raises(SongError, match="refused the song: 403"):
        client.upload(song)


def test_stages_are_told_once_each_and_in_order(world: World, client: Reprise) -> None:
    cover = client.covers.create(LINK, prompt="dub")
    seen: list[Cover] = []
    client.covers.wait(cover["id"], on_stage=seen.append)
    assert [(now["state"], now["stage"]) for now in seen] == [
        ("running", "none"),
        ("running", "text"),
        ("running", "first"),
        ("succeeded", "complete"),
    ]
    assert [sum(track["status"] == "kept" for track in now["tracks"]) for now in seen] == [0, 0, 1, 2]


def test_who_does_not_wait_longer_is_told_so_and_the_cover_goes_on(world: World, client: Reprise) -> None:
    cover = client.covers.create(LINK, prompt="dub")
    with pytest.raises(WaitedTooLongError, match="still running"):
        client.covers.wait(cover["id"], seconds=0)
    assert client.covers.wait(cover["id"])["state"] == "succeeded"


def test_takes_are_saved_whole_under_their_names(world: World, client: Reprise, tmp_path: Path) -> None:
    job = done(client)
    files = client.covers.save(job, tmp_path / "new folder")
    assert [path.stem for path in files] == ["Harbour Fog - lo-fi jazz (1)", "Harbour Fog - lo-fi jazz (2)"]
    audio = {body for key, body in world.house.objects().items() if key.endswith(".wav")}
    assert {path.read_bytes() for path in files} == audio
    assert sorted(path.name for path in (tmp_path / "new folder").iterdir()) == sorted(path.name for path in files)


def test_takes_without_a_title_are_called_as_the_song_or_else_by_the_id(
    world: World, client: Reprise, tmp_path: Path
) -> None:
    cover = client.covers.get(done(client))
    for track in cover["tracks"]:
        track["title"] = None
    assert [path.stem for path in client.covers.save(cover, tmp_path)] == ["a - lo-fi jazz (1)", "a - lo-fi jazz (2)"]
    cover["song"] = None
    assert client.covers.save(cover, tmp_path)[0].stem == f"{cover['id']} - lo-fi jazz (1)"


def test_takes_that_lie_there_are_not_fetched_again_and_nothing_is_overwritten(
    world: World, client: Reprise, tmp_path: Path
) -> None:
    job = done(client)
    first, second = client.covers.save(job, tmp_path)
    second.write_bytes(b"my own")
    world.asked.clear()
    assert client.covers.save(job, tmp_path) == [first, tmp_path / f"{second.stem} 2{second.suffix}"]
    assert second.read_bytes() == b"my own"
    assert sum("/audio" in one.url.path for one in world.asked) == 1


def test_a_take_that_comes_broken_is_fetched_by_a_fresh_link_and_never_left_broken(
    world: World, client: Reprise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, whole, broken = done(client), world.bucket, ["once", "twice"]

    def breaks(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"half") if broken and broken.pop() else whole(request)

    monkeypatch.setattr(world, "bucket", breaks)
    assert len(client.covers.save(job, tmp_path)) == 2
    monkeypatch.setattr(world, "bucket", lambda _: httpx.Response(200, content=b"half"))
    with pytest.raises(UnreachableError, match="could not be fetched whole"):
        client.covers.save(job, tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []


@pytest.mark.parametrize("title", ["../../etc/passwd", "a/b\\c:d", "x" * 400, "🎵" * 90, "..", "\x00\n"])
def test_no_title_leads_out_of_the_folder(client: Reprise, tmp_path: Path, title: str) -> None:
    cover = client.covers.get(done(client))
    for track in cover["tracks"]:
        track["title"] = title
    for path in client.covers.save(cover, tmp_path / "out"):
        assert path.resolve().parent == (tmp_path / "out").resolve()
        assert len(path.name.encode()) < 255


def test_an_id_never_leads_to_another_path(world: World, client: Reprise) -> None:
    for strange in ("../webhooks", "a/b", "?x=1", ""):
        with pytest.raises(ApiError):
            client.covers.get(strange)
    assert all(one.url.raw_path.count(b"/") == 3 for one in world.asked)


def test_an_upload_is_a_value(song: Path) -> None:
    assert Upload("a") == Upload("a")
