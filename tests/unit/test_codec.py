"""What is stored is read back, by this release and by the one after."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from reprise.codec import decode, encode
from reprise.domain.job import Entry, Job, KeptFile, Stage, State, Take, Track, TrackState

from tests.factories import a_submitting_job

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
TRACKS = (
    Track(1, Take("a", ("https://a.example/1",)), Stage.FIRST, state=TrackState.COPYING, look_at=AT),
    Track(2, Take(), Stage.COMPLETE, file=KeptFile("covers/2.mp3", 2, "00", 1.5, "audio/mpeg")),
)
JOB = replace(a_submitting_job(), state=State.RUNNING, tracks=TRACKS, due_at=AT, heard=("x",))


def test_a_job_comes_back_as_it_was() -> None:
    assert decode(Job, json.loads(json.dumps(encode(JOB)))) == JOB


def test_what_has_its_default_is_left_out_at_every_depth() -> None:
    one, two = encode(JOB)["tracks"]
    assert one == {
        "number": 1,
        "take": {"id": "a", "urls": ["https://a.example/1"]},
        "stage": "first",
        "state": "copying",
        "look_at": AT.isoformat(),
    }
    assert (two["take"], "state" in two) == ({}, False)
    assert "lyrics" not in encode(JOB)


def test_a_field_whose_default_is_made_is_always_written() -> None:
    line = Entry("j", 1, AT, "t", "m", "owner", "kie", State.RUNNING)
    assert encode(line)["data"] == {}
    assert decode(Entry, encode(line)) == line


def test_names_of_a_later_release_are_ignored_and_those_that_an_older_one_lacks_take_their_default() -> None:
    stored = {**encode(JOB), "colour": "blue"}
    del stored["state"]
    assert decode(Job, stored) == replace(JOB, state=State.QUEUED)
