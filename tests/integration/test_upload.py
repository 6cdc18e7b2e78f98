"""A song dropped into the inbox bucket: its wishes, its preset, and one job however often S3 tells of it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from reprise.aws.packed import unpack
from reprise.domain.job import State

from tests.golden import golden
from tests.integration.house import STUDIO, House

GOLDEN_KEY = "inbox/lofi-jazz/Harbour Fog.mp3"


def told(key: str, sequencer: str | None = "00691F0A4012345678") -> dict[str, Any]:
    """The golden S3 event about another object. Keys arrive as forms encode them."""
    from urllib.parse import quote_plus

    event = golden("upload")
    dropped = event["Records"][0]["s3"]["object"]
    dropped["key"] = quote_plus(key, safe="/")
    if sequencer is None:
        del dropped["sequencer"]
    else:
        dropped["sequencer"] = sequencer
    return event


def covers(house: House) -> list[dict[str, Any]]:
    return [unpack(item["job"]) for item in house.items() if item["sk"] == {"S": "JOB"}]


def refusals(house: House) -> dict[str, Any]:
    return {key: json.loads(text) for key, text in house.objects("INBOX_BUCKET", "refused/").items()}


def test_a_song_in_a_preset_folder_becomes_a_waiting_job_with_the_presets_wishes(house: House) -> None:
    house.drop(GOLDEN_KEY)
    house.invoke("upload", golden("upload"))
    (job,) = covers(house)
    assert job["tenant"] == "owner"
    assert job["request"]["source"] == {"key": GOLDEN_KEY}
    assert job["request"]["style"].startswith("lo-fi jazz")
    assert job["request"]["instrumental"] is True
    assert house.job(job["id"]).state is State.QUEUED
    assert [line.type for line in house.timeline(job["id"])] == ["job.queued"]
    assert house.vendor.calls == []
    assert refusals(house) == {}


def test_a_song_in_the_inbox_is_looked_into_without_an_http_client(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """httpx and a TLS context are a seventh of a cold start."""

    def made(*_: object) -> None:
        raise AssertionError("a client was made")

    monkeypatch.setattr("reprise.net.fetch.GuardedFetcher", made)
    house.drop(GOLDEN_KEY)
    house.invoke("upload", golden("upload"))
    assert len(covers(house)) == 1


def test_wishes_come_from_the_objects_own_metadata(house: House) -> None:
    house.drop("inbox/song.mp3", {"style": "dub", "title": "Fog", "lyrics": "la la", "vocal-gender": "female",
                                  "style-weight": "0.5", "order": "4711"})  # fmt: skip
    house.invoke("upload", told("inbox/song.mp3"))
    (job,) = covers(house)
    request = house.job(job["id"]).request
    assert (request.style, request.title, request.lyrics) == ("dub", "Fog", "la la")
    assert (request.vocal_gender, request.style_weight) == ("female", 0.5)
    assert request.metadata == {"order": "4711"}


def test_metadata_goes_before_the_preset(house: House) -> None:
    house.drop("inbox/lofi-jazz/a.mp3", {"style": "dub"})
    house.invoke("upload", told("inbox/lofi-jazz/a.mp3"))
    (job,) = covers(house)
    assert (job["request"]["style"], job["request"]["instrumental"]) == ("dub", True)


def test_an_owners_own_preset_goes_before_ours(house: House) -> None:
    house.drop("presets/lofi-jazz.json", body=b'{"prompt": "our own idea of jazz"}')
    house.drop("inbox/lofi-jazz/a.mp3")
    house.invoke("upload", told("inbox/lofi-jazz/a.mp3"))
    (job,) = covers(house)
    assert job["request"]["prompt"] == "our own idea of jazz"
    assert "style" not in job["request"]


@pytest.mark.parametrize("sequencer", ["00691F0A4012345678", None])
def test_an_event_that_is_delivered_again_makes_no_second_job(house: House, sequencer: str | None) -> None:
    house.drop(GOLDEN_KEY)
    for _ in range(3):
        house.invoke("upload", told(GOLDEN_KEY, sequencer))
    assert len(covers(house)) == 1
    (claim,) = [item for item in house.items() if item["sk"] == {"S": "IDEM"}]
    assert int(claim["expires_at"]["N"]) >= (house.clock.at + timedelta(days=31)).timestamp() - 1


def test_a_song_that_is_dropped_anew_under_the_same_name_is_a_new_job(house: House) -> None:
    house.drop(GOLDEN_KEY)
    house.invoke("upload", told(GOLDEN_KEY, "01"))
    house.invoke("upload", told(GOLDEN_KEY, "02"))
    assert len(covers(house)) == 2


def test_several_songs_in_one_event_are_several_jobs(house: House) -> None:
    event = told("inbox/folk/a.mp3")
    event["Records"] += told("inbox/folk/b.mp3")["Records"]
    house.drop("inbox/folk/a.mp3")
    house.drop("inbox/folk/b.mp3")
    house.invoke("upload", event)
    assert len(covers(house)) == 2


@pytest.mark.parametrize("key", ["inbox/folk/a+b c.mp3", "inbox/folk/caf\u00e9 %20.mp3", "inbox/folk/\U0001f3b5.mp3"])
def test_keys_are_taken_as_they_are(house: House, key: str) -> None:
    house.drop(key)
    house.invoke("upload", told(key))
    (job,) = covers(house)
    assert job["request"]["source"]["key"] == key


@pytest.mark.parametrize(
    ("key", "metadata", "said"),
    [
        ("inbox/no-such-preset/a.mp3", {}, "no preset is named 'no-such-preset'"),
        ("inbox/folk/deep/a.mp3", {}, "no preset is named 'folk/deep'"),
        ("inbox/a.mp3", {}, "style: say what the song should become: drop it with x-amz-meta-style, or into"),
        ("inbox/a.mp3", {"title": "Fog", "provider": "kie"}, "inbox/lofi-jazz/, inbox/piano-ballad/"),
        ("inbox/a.mp3", {"prompt": "jazz", "pitch": "99"}, "pitch"),
        ("inbox/a.mp3", {"prompt": "jazz", "provider": "nobody"}, "nobody"),
        ("inbox/a.mp3", {"prompt": "j" * 401, "provider": "kie"}, "at most 400"),
        ("inbox/a.mp3", {"prompt": "jazz", "instrumental": "perhaps"}, "instrumental"),
    ],
)
def test_a_song_that_cannot_be_a_job_gets_a_note_that_says_why(
    house: House, key: str, metadata: dict[str, str], said: str
) -> None:
    house.drop(key, metadata)
    house.invoke("upload", told(key))
    assert covers(house) == []
    ((place, note),) = refusals(house).items()
    assert place == f"refused/{key.removeprefix('inbox/')}.json"
    assert note["song"] == key
    assert said in note["refused"]


@pytest.mark.parametrize("wish", [{"title": "Fog", "provider": "aimlapi"}, {"provider": STUDIO}])
def test_a_song_without_a_wish_is_a_cover_where_a_provider_needs_none(house: House, wish: dict[str, str]) -> None:
    house.open_all()
    house.open_studio()
    house.drop("inbox/a.mp3", wish)
    house.invoke("upload", told("inbox/a.mp3"))
    (job,) = covers(house)
    assert job["leg"]["provider"] == wish["provider"]


@pytest.mark.parametrize("body", [b"", b"milk, bread, two lemons"])
def test_what_is_no_audio_is_told_so_before_anything_else(house: House, body: bytes) -> None:
    house.drop("inbox/notes.txt", body=body)
    house.invoke("upload", told("inbox/notes.txt"))
    words = f"source: not an mp3, wav, flac, ogg, m4a or aac file: {len(body)} bytes"
    assert refusals(house)["refused/notes.txt.json"]["refused"] == words


def test_the_note_of_a_song_that_became_a_cover_after_all_is_gone(house: House) -> None:
    house.drop("inbox/a.mp3")
    house.drop("inbox/b.mp3")
    for number, key in enumerate(("inbox/a.mp3", "inbox/b.mp3")):
        house.invoke("upload", told(key, f"0{number}"))
    house.drop("inbox/a.mp3", {"style": "dub"})
    house.invoke("upload", told("inbox/a.mp3", "02"))
    assert (len(covers(house)), list(refusals(house))) == (1, ["refused/b.mp3.json"])


@pytest.mark.parametrize("preset", [b"not json", b"[]", b"\xff", b'{"pitch": "high"}', b"[" * 100_000])
def test_a_preset_that_cannot_be_read_is_said_in_the_note(house: House, preset: bytes) -> None:
    house.drop("presets/mine.json", body=preset)
    house.drop("inbox/mine/a.mp3")
    house.invoke("upload", told("inbox/mine/a.mp3"))
    assert covers(house) == []
    assert list(refusals(house)) == ["refused/mine/a.mp3.json"]


def test_a_song_that_is_gone_again_is_passed_over(house: House) -> None:
    house.invoke("upload", golden("upload"))
    assert covers(house) == []
    assert refusals(house) == {}


@pytest.mark.parametrize("key", ["inbox/", "inbox/folk/", "uploads/owner/x", "refused/a.json"])
def test_what_is_no_dropped_song_is_passed_over(house: House, key: str) -> None:
    house.drop(key)
    house.invoke("upload", told(key))
    assert covers(house) == []


def test_the_test_event_that_s3_sends_first_does_no_harm(house: House) -> None:
    house.invoke("upload", {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "reprise-inbox-123456789012"})
