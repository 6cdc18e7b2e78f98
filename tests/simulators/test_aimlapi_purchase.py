"""A cover from end to end at AI/ML API, and the ways in which it is refused."""

import base64
import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import av
import httpx
import pytest

from simulators import audio
from simulators.aimlapi import AimlapiSimulator, simulator
from simulators.aimlapi import source as reference
from simulators.ledger import job_of
from tests.simulators.aimlapi_buyer import PATH, SECONDS, AimlapiBuyer, buying
from tests.simulators.kit import KEY, samples, song

CLASSIC = {"requestId", "statusCode", "timestamp", "path", "message"}


@pytest.fixture
def aiml() -> Iterator[AimlapiBuyer]:
    with buying() as buyer:
        yield buyer


def test_a_cover_is_bought_polled_and_fetched(aiml: AimlapiBuyer) -> None:
    aiml.sim.clock.pace = 0.1
    answer = aiml.submit()
    assert answer.status_code == 200
    task = answer.json()["id"]
    assert answer.json() == {"id": task, "status": "queued"}
    assert re.fullmatch(r"[A-Za-z0-9_-]{21}", task)
    assert aiml.poll(task).json() == {"id": task, "status": "queued"}
    seen = {str(aiml.poll(task).json()["status"]) for _ in range(12)}
    end = aiml.end(task)
    assert end.keys() == {"id", "status", "audio_file"}
    assert (end["id"], end["status"]) == (task, "completed")
    assert seen <= {"queued", "generating", "completed"}
    made = aiml.http.get(end["audio_file"]["url"])
    assert (made.status_code, made.headers["content-type"]) == (200, "audio/mpeg")
    assert audio.seconds(made.content) == pytest.approx(
        SECONDS / audio.shift("warm lo-fi, brushed snare", 0)[1], abs=0.7
    )
    assert float((samples(made.content) ** 2).mean()) > 1e-4
    assert aiml.taker.fetched == ["/long.wav"]
    assert aiml.end(task) == end


def test_the_stages_are_queued_then_generating_then_completed(aiml: AimlapiBuyer) -> None:
    aiml.switch(pending_polls=4)
    task = aiml.task()
    assert [aiml.poll(task).json()["status"] for _ in range(4)] == ["queued", "generating", "generating", "generating"]
    assert aiml.end(task)["status"] == "completed"


def test_the_link_is_signed_for_a_day_and_has_encoded_slashes(aiml: AimlapiBuyer) -> None:
    url = aiml.bought()
    path = urlsplit(url).path
    found = re.fullmatch(r"/moose/music%2Fprod%2Ftts-(\d{14})-[A-Za-z0-9]{16}\.mp3", path)
    assert found
    query = parse_qs(urlsplit(url).query)
    assert set(query) == {"Expires", "OSSAccessKeyId", "Signature"}
    stamp = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) - timedelta(hours=8)
    assert 24 * 3600 <= int(query["Expires"][0]) - stamp.timestamp() < 24 * 3600 + 60
    assert aiml.http.get(url.replace("%2F", "/", 2)).status_code == 403
    assert aiml.http.get(url.replace("%2Fprod", "%252Fprod")).status_code == 404
    assert aiml.http.get(url.partition("?")[0]).status_code == 403
    assert aiml.http.get(re.sub(r"Expires=\d+", "Expires=99999999999", url)).status_code == 403
    assert aiml.http.get(url.replace("EXAMPLEKEY", "OTHER")).status_code == 403
    assert aiml.http.get(f"{aiml.sim.url}/moose/nothing.mp3").status_code == 404
    assert aiml.http.get(url).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "container", "rate"),
    [({"format": "wav", "sample_rate": "16000"}, "wav", 16_000), ({"bitrate": 32_000}, "mp3", 44_100)],
)
def test_the_setting_is_what_comes_back(
    aiml: AimlapiBuyer, wanted: dict[str, object], container: str, rate: int
) -> None:
    url = aiml.bought(audio_setting=wanted)
    assert urlsplit(url).path.endswith(f".{container}")
    body = aiml.http.get(url).content
    with av.open(io.BytesIO(body)) as found:
        assert (found.format.name, found.streams.audio[0].rate) == (container, rate)
    if container == "mp3":
        assert len(body) * 8 / audio.seconds(body) == pytest.approx(32_000, rel=0.1)


def test_bare_samples_can_be_asked_for(aiml: AimlapiBuyer) -> None:
    body = aiml.http.get(aiml.bought(audio_setting={"format": "pcm", "sample_rate": 24_000})).content
    assert len(body) / (24_000 * 4) == pytest.approx(SECONDS, rel=0.1)


@pytest.mark.parametrize("head", ["", "data:audio/wav;base64,"])
def test_the_song_may_be_sent_in_the_request(aiml: AimlapiBuyer, head: str) -> None:
    sent = head + base64.b64encode(song(SECONDS, "mp3")).decode()
    assert aiml.bought(reference_audio_url=sent)
    assert aiml.taker.fetched == []
    assert aiml.ledger()["rows"][0]["upload_url"] == ("(data)" if head else "(base64)")


@pytest.mark.parametrize("form", ["mp3", "flac", "ogg", "m4a"])
def test_songs_of_common_formats_are_covered(aiml: AimlapiBuyer, form: str) -> None:
    aiml.taker.files["/long.wav"] = (200, song(SECONDS, form), "application/octet-stream")
    assert aiml.bought()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/missing", "failed to download reference_audio_url: HTTP 404"),
        ("http://127.0.0.1:9/x", "failed to download reference_audio_url"),
        ("/html", "reference audio format is not supported"),
        ("/short.wav", "reference audio is shorter than allowed"),
    ],
)
def test_a_bad_reference_ends_in_an_error_that_costs_nothing(aiml: AimlapiBuyer, path: str, message: str) -> None:
    aiml.taker.files["/html"] = (200, b"<html></html>" * 99, "text/html")
    aiml.taker.files["/short.wav"] = (200, song(0.5), "audio/wav")
    end = aiml.end(aiml.task(reference_audio_url=aiml.taker.url(path) if path.startswith("/") else path))
    assert (end["status"], end["audio_file"], end["error"]["name"]) == ("error", None, "GenerationError")
    assert end["error"]["message"].startswith(message)
    totals = aiml.ledger()["totals"]
    assert (totals["purchases"], totals["credits_refunded"], totals["balance"]) == (1, 390_000, 200_000_000)


def test_a_song_may_be_neither_too_long_nor_too_large(aiml: AimlapiBuyer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "MAX_SECONDS", 1)
    assert aiml.end(aiml.task())["error"]["message"] == "reference audio is longer than allowed"
    monkeypatch.setattr(reference, "MAX_BYTES", 1000)
    assert "more than 1000 bytes" in aiml.end(aiml.task())["error"]["message"]
    sent = base64.b64encode(song(SECONDS)).decode()
    assert "larger than 50 MB" in aiml.end(aiml.task(reference_audio_url=sent))["error"]["message"]
    monkeypatch.setattr(simulator, "MAX_BODY", 1000)
    refused = aiml.submit(reference_audio_url=sent)
    assert (refused.status_code, refused.json().keys()) == (413, CLASSIC)


def test_a_body_that_does_not_validate_is_a_400_with_a_tree_of_errors(aiml: AimlapiBuyer) -> None:
    answer = aiml.submit(prompt="too short", audio_setting={"bitrate": 1})
    refused = answer.json()
    assert (answer.status_code, refused["statusCode"], refused["path"]) == (400, 400, PATH)
    assert refused.keys() == CLASSIC | {"meta"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", refused["timestamp"])
    assert refused["message"] == "body validation error: prompt: expected 10 to 2000 characters, received 9"
    assert refused["meta"]["_errors"] == []
    assert refused["meta"]["prompt"]["_errors"] == ["expected 10 to 2000 characters, received 9"]
    assert refused["meta"]["audio_setting"]["bitrate"]["_errors"]
    assert aiml.ledger()["totals"]["purchases"] == 0


def test_bodies_that_are_no_json_object_are_refused_in_the_envelope(aiml: AimlapiBuyer) -> None:
    for content in (b"{", b"", b'{"prompt": NaN}', b"\xff", b"[]"):
        headers = {"Authorization": f"Bearer {KEY}"}
        answer = aiml.http.post(aiml.sim.url + PATH, content=content, headers=headers)
        assert (answer.status_code, answer.json()["statusCode"]) == (400, 400)


def test_a_wrong_key_is_refused_everywhere_before_anything_else(aiml: AimlapiBuyer) -> None:
    for path in (PATH, "/v2/billing", "/v2/billing/detail", "/v2/billing/transactions", "/v1/billing/balance"):
        answer = aiml.get(path, key="x")
        assert (answer.status_code, answer.json()["message"]) == (401, "a valid key is needed")
    assert aiml.post("nonsense", key="x").status_code == aiml.get("/v2/logs", key="x").status_code == 401
    for header in ({}, {"Authorization": KEY}, {"Authorization": f"Bearer  {KEY}"}, {"X-Api-Key": KEY}):
        assert aiml.http.get(f"{aiml.sim.url}/v2/billing", headers=header).status_code == 401


def test_unknown_paths_and_generations_are_404_and_a_missing_id_is_400(aiml: AimlapiBuyer) -> None:
    for path in ("/v1/v2/generate/audio", "/v1/generate/audio", "/v2/generate/audio/", "/nowhere"):
        answer = aiml.get(path)
        assert (answer.status_code, answer.json().keys()) == (404, CLASSIC)
    assert aiml.poll("BV5y0it0TMlupfLEeHc6J").status_code == 404
    assert aiml.get(PATH).status_code == aiml.poll("").status_code == 400
    assert aiml.http.put(aiml.sim.url + PATH, json={}).status_code == 404


def test_no_money_is_403_and_the_balance_is_told_in_dollars(aiml: AimlapiBuyer) -> None:
    aiml.switch(balance=0.4)
    assert aiml.get("/v2/billing").json() == {"current_balance": 0.4, "currency": "USD"}
    answers = [aiml.submit() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 403]
    assert "run out of credits" in answers[2].json()["message"]
    assert aiml.get("/v2/billing").json()["current_balance"] == 0.01
    legacy = aiml.get("/v1/billing/balance").json()
    assert (legacy["balance"], legacy["lowBalance"]) == (20_000, True)
    assert legacy.keys() == {
        "balance", "lowBalance", "lowBalanceThreshold", "lastUpdated", "autoDebitStatus", "status", "statusExplanation",
    }  # fmt: skip
    aiml.switch(credits=390_000)
    assert aiml.submit().status_code == 200


def test_a_charge_is_written_down_after_the_end_and_only_for_a_cover(aiml: AimlapiBuyer) -> None:
    good = aiml.task()
    aiml.switch(fail=True, times=1)
    bad = aiml.task()
    aiml.switch(stuck="generating")
    aiml.task()
    aiml.end(bad)
    aiml.end(good)
    written = aiml.get("/v2/billing/transactions").json()["data"]
    assert [(one["reference_id"], one["amount"]) for one in written] == [(good, 0.195)]
    assert aiml.get("/v2/billing/detail").json()["usd_spent"] == 0.39  # the running one is reserved


def test_the_clients_own_id_is_echoed_kept_and_found_in_the_logs(aiml: AimlapiBuyer) -> None:
    answer = aiml.post(aiml.body(), {"X-Client-Request-Id": "job-7:a.b_c"})
    task = answer.json()["id"]
    assert answer.headers["x-client-request-id"] == "job-7:a.b_c"
    for bad in ("has blank", "x" * 129, "a/b"):
        other = aiml.post(aiml.body(), {"X-Client-Request-Id": bad})
        assert (other.status_code, "x-client-request-id" in other.headers) == (200, False)
    logs = aiml.get("/v2/logs").json()["data"]
    assert [log["client_request_id"] for log in logs] == [None, None, None, "job-7:a.b_c"]
    found = aiml.get("/v2/logs", client_request_id="job-7:a.b_c").json()["data"]
    assert [log["inference_id"] for log in found] == [task]


def test_the_logs_answer_two_hundred_times_a_minute(aiml: AimlapiBuyer) -> None:
    aiml.switch(logs_limit="2/60s")
    assert [aiml.get("/v2/logs").status_code for _ in range(3)] == [200, 200, 429]


def test_headers_tell_the_id_and_what_a_call_cost(aiml: AimlapiBuyer) -> None:
    answer = aiml.submit()
    assert answer.headers["x-inference-id"] == answer.json()["id"]
    assert (answer.headers["x-aimlapi-credits-used"], answer.headers["x-aimlapi-usd-spent"]) == ("390000", "0.195")
    polled = aiml.poll(answer.json()["id"])
    assert (polled.headers["x-inference-id"], polled.headers["x-aimlapi-credits-used"]) == (answer.json()["id"], "0")
    aiml.switch(usage_headers=False)
    assert "x-aimlapi-credits-used" not in aiml.submit().headers


def test_the_ledger_counts_by_the_clients_id_or_else_by_the_song_and_has_no_secret(aiml: AimlapiBuyer) -> None:
    for sign in ("1", "2"):
        aiml.end(aiml.task(reference_audio_url=aiml.taker.url(f"/long.wav?sig=secret{sign}"), lyrics="la la la la"))
    for _ in range(3):
        aiml.post(aiml.body(), {"X-Client-Request-Id": "one-job"})
    aiml.post(aiml.body(), {"X-Client-Request-Id": "other-job"})
    aiml.submit(model=...)
    ledger = aiml.ledger()
    totals = ledger["totals"]
    assert (totals["purchases"], totals["jobs"], totals["most_per_job"]) == (6, 3, 3)
    assert totals["credits_spent"] == 6 * 390_000
    assert ledger["purchases_per_job"][job_of(aiml.taker.url("/long.wav"))] == 2
    assert ledger["purchases_per_job"][job_of("one-job")] == 3
    assert len({row["request"]["source"] for row in ledger["rows"]}) == 1
    assert ledger["rows"][0]["outcome"] == "complete"
    assert ledger["rows"][0]["upload_url"] == aiml.taker.url("/***")
    assert ledger["counts"]["requests"][f"POST {PATH}"] == 7
    for secret in ("secret", "long.wav", "one-job", "la la", "lo-fi"):
        assert secret not in json.dumps(ledger["rows"])


def test_a_reset_forgets_everything_and_abandons_what_runs(aiml: AimlapiBuyer) -> None:
    task = aiml.task()
    aiml.http.post(f"{aiml.sim.url}/_control/reset").raise_for_status()
    assert aiml.poll(task).status_code == 404
    assert aiml.ledger()["totals"]["purchases"] == 0
    assert aiml.bought()


def test_it_leaves_nothing_behind_when_it_stops_in_the_middle(aiml: AimlapiBuyer) -> None:
    with AimlapiSimulator(key=KEY, pace=5) as other:
        AimlapiBuyer(other, aiml.taker, aiml.http).task()
        url = other.url
    assert not other._threads
    with pytest.raises(httpx.ConnectError):
        aiml.http.get(url)


def test_it_says_one_line_on_the_command_line_and_ends_when_told_to() -> None:
    command = [sys.executable, "-m", "simulators.aimlapi", "--key", "k", "--credits", "4000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        assert (ready.keys(), ready["name"]) == ({"name", "url"}, "aimlapi")
        answer = httpx.get(f"{ready['url']}/v2/billing", headers={"Authorization": "Bearer k"}, trust_env=False)
        assert answer.json()["current_balance"] == 2
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")
