"""The upload is really fetched, and a bad one fails as the vendor fails it."""

import pytest

from simulators.kie import work
from tests.simulators.kit import FORMATS, Buyer, song, wait_for


@pytest.mark.parametrize("form", FORMATS)
def test_songs_of_every_common_format_are_covered(kie: Buyer, form: str) -> None:
    kie.taker.files["/in"] = (200, song(2.0, form), "application/octet-stream")
    record = kie.until(kie.task(uploadUrl=kie.taker.url("/in")), "SUCCESS")
    assert all(1.6 < row["duration"] < 2.4 for row in record["response"]["sunoData"])


@pytest.mark.parametrize("path", ["/missing", "/text", "/empty", "http://127.0.0.1:9/x", "not a url", "http://[bad"])
def test_what_cannot_be_fetched_or_is_not_audio_ends_in_an_error_callback(kie: Buyer, path: str) -> None:
    kie.taker.files |= {"/text": (200, b"<html>hello</html>" * 99, "text/html"), "/empty": (200, b"", "audio/mpeg")}
    url = kie.taker.url(path) if path.startswith("/") else path
    task = kie.task(uploadUrl=url)
    wait_for(lambda: kie.taker.got)
    assert kie.taker.stages == ["error"]
    document = kie.taker.of("error")
    assert (document["code"], document["msg"]) == (413, "Can't fetch the uploaded audio.")
    assert document["data"]["data"] == []
    record = kie.until(task, "GENERATE_AUDIO_FAILED")
    assert record["errorCode"] == 413
    assert url in record["errorMessage"]
    assert kie.ledger()["rows"][0]["outcome"] == "failed 413"


def test_a_song_of_more_than_eight_minutes_is_refused(kie: Buyer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MAX_SOURCE_SECONDS", 1)
    kie.until(kie.task(), "GENERATE_AUDIO_FAILED")


def test_a_source_may_be_checked_before_it_is_charged(kie: Buyer) -> None:
    kie.switch(source_check="submit")
    refused = kie.submit(uploadUrl=kie.taker.url("/missing")).json()
    assert refused == {"code": 451, "msg": "source could not be fetched", "data": None}
    assert kie.ledger()["totals"]["purchases"] == 0
    kie.until(kie.task(), "SUCCESS")
    assert kie.taker.fetched == ["/missing", "/song.wav"]
