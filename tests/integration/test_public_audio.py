"""GET /audio/<id>/<key>/<n>.mp3: a take for whoever has the link. No account, no end, gone with the cover."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from reprise import bootstrap

from tests.golden import golden, request
from tests.integration.house import House, Reply
from tests.integration.test_read_and_manage import a_finished_cover


def listen(house: House, job_id: str, key: str | None = None, file: str = "1.mp3") -> Reply:
    key = house.job(job_id).audio_key if key is None else key
    return house.http("read", request("read-public-audio", id=job_id, key=key, file=file))


def test_whoever_has_the_link_hears_the_take_without_a_key_of_the_api(house: House) -> None:
    job_id = a_finished_cover(house)
    assert "authorization" not in golden("read-public-audio")["headers"]
    for number in (1, 2):
        reply = listen(house, job_id, file=f"{number}.mp3")
        assert (reply.status, reply.headers["cache-control"]) == (302, "no-store")
        assert f"/covers/owner/{job_id}/{number}.mp3?" in reply.headers["location"]
        assert reply.headers["location"] == reply.body["audio_url"]


def test_the_link_that_is_handed_out_is_the_link_that_opens(house: House) -> None:
    job = house.job(a_finished_cover(house))
    link = bootstrap.audio_link(job, job.tracks[0])
    event = golden("read-public-audio")
    event["rawPath"] = event["requestContext"]["http"]["path"] = urlsplit(link).path
    assert house.http("read", event).status == 302


def test_the_link_still_opens_a_year_later(house: House) -> None:
    job_id = a_finished_cover(house)
    house.clock.at += timedelta(days=365)
    assert listen(house, job_id).status == 302


@pytest.mark.parametrize("file", ["0.mp3", "3.mp3", "9999.mp3", "-1.mp3", "x.mp3", ".mp3", "\u0661.mp3", "1/../2.mp3"])
def test_a_number_that_there_is_not_is_not_found(house: House, file: str) -> None:
    reply = listen(house, a_finished_cover(house), file=file)
    assert reply.status == 404
    assert "location" not in reply.headers


def test_a_wrong_key_is_not_told_from_a_wrong_cover(house: House) -> None:
    job_id = a_finished_cover(house)
    right = house.job(job_id).audio_key
    other = house.job(house.cover()).audio_key
    wrong = [listen(house, job_id, key) for key in ("x", right[:-1], right + "x", right.swapcase(), other, "caf\u00e9")]
    wrong += [listen(house, one, right) for one in ("0" * 32, "1f0c1d2e3b4a59687786950413223140", "x", "..")]
    assert {reply.status for reply in wrong} == {404}
    assert len({json.dumps(reply.body) for reply in wrong}) == 1


def test_a_take_that_is_not_in_the_bucket_yet_is_not_found(house: House) -> None:
    job_id = house.cover()
    house.callback("complete", job_id)
    reply = listen(house, job_id)
    assert (reply.status, reply.headers["cache-control"]) == (404, "no-store")


def test_with_the_cover_its_links_are_gone(house: House) -> None:
    job_id = a_finished_cover(house)
    key = house.job(job_id).audio_key
    assert house.http("manage", request("manage-delete", id=job_id)).status == 204
    assert listen(house, job_id, key).status == 404


def test_a_key_is_long_and_of_its_cover_alone(house: House) -> None:
    keys = {house.job(house.cover()).audio_key for _ in range(3)}
    assert len(keys) == 3
    assert min(len(key) for key in keys) >= 32
