"""From the submit to the last byte, over real HTTP and in real processes."""

import hashlib
import hmac
import time
import wave
from io import BytesIO

import pytest

from tests.studio.service.kit import HMAC_KEY, KEY, Service, Town, until

STAGES = ["text", "first", "complete"]


def test_a_song_becomes_two_takes_and_each_stage_is_told(service: Service, town: Town) -> None:
    task = service.begin(style="tone", title="Harbour Fog", format="wav")
    told = service.ended(task)
    assert (told["status"], told["stage"], told["error"]) == ("succeeded", "complete", None)
    assert told["report"]["key"] == "C"
    assert [take["id"] for take in told["takes"]] == [f"{task}-1", f"{task}-2"]
    assert [take["title"] for take in told["takes"]] == ["Harbour Fog"] * 2
    until(lambda: town.types() == STAGES)
    assert [len(one.json["takes"]) for one in town.heard] == [0, 1, 2]
    assert {name: told[name] for name in ("takes", "files", "report")} == {
        name: town.heard[-1].json[name] for name in ("takes", "files", "report")
    }


def test_the_links_lead_to_the_files_as_a_whole_and_in_parts(service: Service) -> None:
    told = service.ended(service.begin(style="tone", format="wav"))
    (first, second), http = told["takes"], service.http
    whole = http.get(first["audio_url"], headers={"Authorization": ""})
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    with wave.open(BytesIO(whole.content)) as audio:
        assert audio.getnframes() / audio.getframerate() == first["seconds"]
    part = http.get(first["audio_url"], headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.content) == (206, whole.content[4:12])
    assert part.headers["content-range"] == f"bytes 4-11/{len(whole.content)}"
    assert http.get(second["audio_url"]).content != whole.content
    (picture,) = told["files"]
    assert (picture["kind"], http.get(picture["url"]).headers["content-type"]) == ("picture", "image/png")


@pytest.mark.parametrize("change", [("take-1", "take-9"), ("take-1", "..%2F..%2Ftasks"), ("/files/", "/files/0")])
def test_a_link_that_was_guessed_leads_nowhere(service: Service, change: tuple[str, str]) -> None:
    told = service.ended(service.begin(style="tone"))
    url = told["takes"][0]["audio_url"]
    assert service.http.get(url.replace(*change)).status_code == 404
    secret = url.split("/")[-2]
    assert service.http.get(url.replace(secret, secret[::-1])).status_code == 404


def test_the_same_seed_makes_the_same_takes(service: Service) -> None:
    def audio(seed: str) -> bytes:
        told = service.ended(service.begin(style="tone", seed=seed))
        return service.http.get(told["takes"][0]["audio_url"]).content

    assert audio("a") == audio("a")
    assert audio("a") != audio("b")


def test_a_callback_is_signed_over_its_time_and_its_body(service: Service, town: Town) -> None:
    service.begin(style="tone")
    until(lambda: len(town.heard) == 3)
    for one in town.heard:
        timestamp = one.headers["x-webhook-timestamp"]
        expected = hmac.new(HMAC_KEY.encode(), f"{timestamp}.".encode() + one.body, hashlib.sha256).hexdigest()
        assert one.headers["x-webhook-signature"] == expected
        assert abs(time.time() - int(timestamp)) < 60


def test_a_task_without_a_callback_url_is_read(service: Service, town: Town) -> None:
    assert service.ended(service.begin(style="tone", callback_url=None))["status"] == "succeeded"
    assert town.heard == []


def test_the_same_key_is_the_same_task(service: Service, town: Town) -> None:
    first = service.submit(key="once", style="tone")
    again = service.submit(key="once", style="tone")
    other = service.submit(key="once", style="another")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["task_id"] == again.json()["task_id"]
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_reused")
    service.ended(first.json()["task_id"])
    until(lambda: town.types() == STAGES)
    assert service.submit(key="once", style="tone").json()["status"] == "succeeded"
    time.sleep(0.3)
    assert town.types() == STAGES


def test_styles_voices_and_health_are_told(service: Service) -> None:
    assert service.http.get("/v1/styles").json() == {"styles": [{"id": "tone", "name": "Tone"}]}
    assert [one["id"] for one in service.http.get("/v1/voices").json()["voices"]] == ["deeper", "brighter"]
    health = service.http.get("/health", headers={"Authorization": ""})
    assert health.status_code == 200
    assert health.json() | {"callbacks": 0} == {"ok": True, "queued": 0, "running": 0, "callbacks": 0, "workers": 1}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {KEY}"])
@pytest.mark.parametrize("route", ["/v1/tasks/x", "/v1/styles", "/v1/voices"])
def test_nothing_is_told_without_the_key(service: Service, header: str, route: str) -> None:
    answer = service.http.get(route, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_no_key_and_no_link_is_in_the_log(service: Service) -> None:
    told = service.ended(service.begin(style="tone"))
    log = (service.place / "log").read_text()
    assert told["task_id"] in log
    for secret in (KEY, HMAC_KEY, told["takes"][0]["audio_url"].split("/")[-2], "/song.wav"):
        assert secret not in log
