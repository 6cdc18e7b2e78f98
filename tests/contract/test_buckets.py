"""What every Inbox and Covers promises, in memory and on S3 alike."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from reprise.aws.buckets import S3Covers, S3Inbox
from reprise.domain.job import KeptFile
from reprise.errors import TooMuchAudioError
from reprise.ports import Found

from tests.contract.conftest import BOTH, World
from tests.factories import NOW, a_file


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"ID3 first bytes")
    return path


def a_kept(key: str, **changes: object) -> KeptFile:
    return replace(a_file(key=key, size=15), **changes)  # type: ignore[arg-type]


# --- the inbox -------------------------------------------------------------------------------------------------


@BOTH
def test_nothing_lies_under_a_key_that_nobody_wrote(world: World) -> None:
    assert world.inbox.look("inbox/none.mp3") is None
    assert world.inbox.read("inbox/none.mp3") is None


@BOTH
def test_a_song_brings_its_size_its_first_bytes_and_its_wishes(world: World) -> None:
    body = b"ID3" + bytes(2000)
    world.drop("inbox/a song.mp3", body, {"style": "lo-fi jazz", "vocal-gender": "female"})
    found = world.inbox.look("inbox/a song.mp3")
    assert found == Found(2003, body[:512], {"style": "lo-fi jazz", "vocal-gender": "female"})
    assert world.inbox.read("inbox/a song.mp3") == body


@BOTH
def test_a_short_song_without_wishes_is_still_there(world: World) -> None:
    world.drop("inbox/bare.mp3", b"ID3", {})
    assert world.inbox.look("inbox/bare.mp3") == Found(3, b"ID3", {})


@BOTH
def test_an_empty_object_is_there_and_empty(world: World) -> None:
    world.drop("inbox/empty.mp3", b"", {})
    found = world.inbox.look("inbox/empty.mp3")
    assert found
    assert (found.size, found.head) == (0, b"")


@BOTH
@pytest.mark.parametrize("size", [0, 3, 3_000_000])
def test_a_song_is_copied_into_a_file_whole(world: World, tmp_path: Path, size: int) -> None:
    body = (b"ID3" + bytes(range(256)) * (size // 256 + 1))[:size]
    world.drop("inbox/copied.mp3", body, {})
    assert world.inbox.download("inbox/copied.mp3", tmp_path / "song", max_bytes=size)
    assert (tmp_path / "song").read_bytes() == body


@BOTH
def test_a_song_above_the_most_bytes_is_not_copied(world: World, tmp_path: Path) -> None:
    world.drop("inbox/large.mp3", b"ID3" + bytes(1000), {})
    with pytest.raises(TooMuchAudioError, match="more than 1002 bytes") as caught:
        world.inbox.download("inbox/large.mp3", tmp_path / "song", max_bytes=1002)
    assert caught.value.size == 1003
    assert not (tmp_path / "song").exists()


@BOTH
def test_nothing_is_copied_from_a_key_that_nobody_wrote(world: World, tmp_path: Path) -> None:
    assert not world.inbox.download("inbox/none.mp3", tmp_path / "song", max_bytes=1000)
    assert not (tmp_path / "song").exists()


@BOTH
def test_what_is_written_can_be_read(world: World) -> None:
    world.inbox.write("refused/café.json", '{"song": "é"}')
    assert world.inbox.read("refused/café.json") == '{"song": "é"}'.encode()


@BOTH
def test_what_is_removed_from_the_inbox_is_gone_and_may_be_gone_before(world: World) -> None:
    world.inbox.write("refused/a.mp3.json", "{}")
    for _ in range(2):
        world.inbox.remove("refused/a.mp3.json")
        assert world.inbox.read("refused/a.mp3.json") is None


@BOTH
def test_an_upload_is_offered_for_one_key_one_type_and_an_hour(world: World) -> None:
    ticket = world.inbox.offer("uploads/owner/x", "audio/mpeg", 1000, NOW)
    assert ticket.url.startswith("https://")
    assert (ticket.fields["key"], ticket.fields["Content-Type"]) == ("uploads/owner/x", "audio/mpeg")
    assert (ticket.expires_at - NOW).total_seconds() == 3600


@BOTH
def test_a_link_to_a_source_names_it(world: World) -> None:
    link = urlsplit(world.inbox.link("inbox/a b.mp3"))
    assert link.scheme == "https"
    assert link.path.replace("%20", " ").endswith("inbox/a b.mp3")


# --- covers ----------------------------------------------------------------------------------------------------


@BOTH
def test_a_kept_file_is_there(world: World, song: Path) -> None:
    world.covers.keep(a_kept("covers/owner/1/1.mp3"), song)
    assert world.covers_objects()["covers/owner/1/1.mp3"] == b"ID3 first bytes"


@BOTH
def test_a_kept_file_is_never_overwritten_and_a_second_writer_is_no_error(world: World, song: Path) -> None:
    file = a_kept("covers/owner/2/1.mp3")
    world.covers.keep(file, song)
    song.write_bytes(b"ID3 other bytes, and more of them")
    world.covers.keep(replace(file, sha256="f" * 64, size=33), song)
    assert world.covers_objects()["covers/owner/2/1.mp3"] == b"ID3 first bytes"


@BOTH
def test_what_lies_beside_the_audio_is_overwritten(world: World) -> None:
    for text in ("one", "two"):
        world.covers.write("covers/owner/3/cover.json", text)
    assert world.covers_objects()["covers/owner/3/cover.json"] == b"two"


@BOTH
def test_deleting_takes_what_begins_so_and_nothing_else(world: World, song: Path) -> None:
    for key in ("covers/t/4/1.mp3", "covers/t/4/2.mp3", "covers/t/44/1.mp3"):
        world.covers.keep(a_kept(key), song)
    world.covers.delete("covers/t/4/")
    assert {key for key in world.covers_objects() if key.startswith("covers/t/")} == {"covers/t/44/1.mp3"}


@BOTH
def test_a_deleted_take_can_be_kept_anew(world: World, song: Path) -> None:
    file = a_kept("covers/t/5/1.mp3")
    world.covers.keep(file, song)
    world.covers.delete("covers/t/5/")
    song.write_bytes(b"ID3 anew")
    world.covers.keep(file, song)
    assert world.covers_objects()["covers/t/5/1.mp3"] == b"ID3 anew"


@BOTH
def test_a_link_to_audio_tells_the_name_to_save_it_under(world: World) -> None:
    link = world.covers.link("covers/t/6/1.mp3", "take-1.mp3")
    assert link.startswith("https://")
    assert "take-1.mp3" in link


# --- S3 alone --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("world", ["aws"], indirect=True)
def test_the_signed_form_binds_key_type_and_size(world: World) -> None:
    ticket = world.inbox.offer("uploads/owner/x", "audio/mpeg", 1000, NOW)
    conditions = json.loads(base64.b64decode(ticket.fields["policy"]))["conditions"]
    assert ["content-length-range", 1, 1000] in conditions
    assert {"Content-Type": "audio/mpeg"} in conditions
    assert {"key": "uploads/owner/x"} in conditions


@pytest.mark.parametrize("world", ["aws"], indirect=True)
def test_links_are_signed_for_their_bucket_in_its_region_and_expire(world: World) -> None:
    link = urlsplit(world.covers.link("covers/t/7/1.mp3", "take.mp3"))
    query = parse_qs(link.query)
    assert link.hostname is not None
    assert link.hostname.startswith("reprise-covers-123456789012.s3")
    assert "/eu-central-1/s3/aws4_request" in query["X-Amz-Credential"][0]
    assert query["X-Amz-Expires"] == ["900"]


@pytest.mark.parametrize("world", ["aws"], indirect=True)
def test_s3_is_asked_to_check_the_bytes_and_to_refuse_a_second_writer(
    world: World, song: Path, request: pytest.FixtureRequest
) -> None:
    world.covers.keep(a_kept("covers/t/8/1.mp3", sha256="ab" * 32), song)
    (asked,) = request.getfixturevalue("stack").asked("S3.PutObject")
    assert asked["IfNoneMatch"] == "*"
    assert base64.b64decode(asked["ChecksumSHA256"]).hex() == "ab" * 32


@pytest.mark.parametrize("world", ["aws"], indirect=True)
def test_wishes_beyond_ascii_arrive_as_s3_encodes_them_and_are_read_as_written(world: World) -> None:
    encoded = base64.b64encode("chanson française".encode()).decode()
    world.drop("inbox/encoded.mp3", b"ID3", {"style": f"=?UTF-8?B?{encoded}?=", "title": "plain = text?"})
    found = world.inbox.look("inbox/encoded.mp3")
    assert found
    assert found.metadata == {"style": "chanson française", "title": "plain = text?"}


@pytest.mark.parametrize("world", ["aws"], indirect=True)
def test_the_adapters_do_not_share_a_bucket(world: World) -> None:
    assert isinstance(world.inbox, S3Inbox)
    assert isinstance(world.covers, S3Covers)
    world.inbox.write("refused/only-here.json", "{}")
    assert "refused/only-here.json" not in world.covers_objects()
