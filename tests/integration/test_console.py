"""The console's door: a page for everybody, and what a browser is told to hold it to; and the song that came in."""

import base64
import gzip
import re
from collections.abc import Mapping
from typing import Any

import pytest
from reprise.http.console import FOLDER, NONCE, policy

from tests.golden import request
from tests.integration.house import House
from tests.integration.test_read_and_manage import a_finished_cover
from tests.template import of_type

FILES = sorted(path.name for path in FOLDER.iterdir() if path.name != "index.html")
MADE = [name for name in FILES if "-" in name]


def get(house: House, name: str, encoding: str | None = None, **path: str) -> dict[str, Any]:
    event = request(name, None, {"accept-encoding": encoding}, None, **path)
    told: dict[str, Any] = house.invoke("console", event)
    return told


def rules(told: Mapping[str, Any]) -> dict[str, list[str]]:
    parts = (part.split() for part in told["headers"]["Content-Security-Policy"].split("; "))
    return {name: values for name, *values in parts}


def test_the_root_leads_to_the_page(house: House) -> None:
    told = get(house, "console-root")
    assert (told["statusCode"], told["headers"]["Location"]) == (302, "/console")


def test_the_page_is_for_everybody_and_holds_no_name_of_the_house(house: House) -> None:
    told = get(house, "console")
    assert (told["statusCode"], told["headers"]["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "reprise-covers" not in told["body"]
    assert set(re.findall(r'(?:src|href)="/console/([^"]+)"', told["body"])) == set(FILES)


def test_the_page_may_run_its_own_scripts_and_talk_to_the_api_and_the_buckets_alone(house: House) -> None:
    found = rules(get(house, "console"))
    assert (found["default-src"], found["script-src"], found["media-src"]) == (["'none'"], ["'self'"], ["blob:"])
    own, *buckets = found["connect-src"]
    assert own == "'self'"
    assert len(buckets) == 2
    for bucket, kind in zip(buckets, ("covers", "inbox"), strict=True):
        assert re.fullmatch(rf"https://reprise-{kind}-\d+\.s3\.eu-central-1\.amazonaws\.com", bucket)
    assert "unsafe" not in policy("n", buckets)


def test_the_links_that_the_api_gives_lead_where_the_page_may_go(house: House) -> None:
    form = house.http("submit", request("submit-upload")).body["url"]
    take = house.http("read", request("read-audio", id=a_finished_cover(house))).headers["location"]
    for leads in (form, take):
        assert any(leads.startswith(f"{origin}/") for origin in rules(get(house, "console"))["connect-src"][1:])


def test_each_page_has_a_nonce_of_its_own_which_is_the_policys(house: House) -> None:
    seen = []
    for _ in range(2):
        told = get(house, "console")
        (nonce,) = re.findall(r'<meta name="nonce" content="([\w-]{22})"', told["body"])
        assert rules(told)["style-src"] == ["'self'", f"'nonce-{nonce}'"]
        assert NONCE not in told["body"]
        assert told["headers"]["Cache-Control"] == "no-store"
        seen.append(nonce)
    assert seen[0] != seen[1]


@pytest.mark.parametrize("name", FILES)
def test_a_file_comes_with_its_type_and_is_kept_for_as_long_as_its_name_means_it(house: House, name: str) -> None:
    told = get(house, "console-asset", file=name)
    assert told["body"] == (FOLDER / name).read_text()
    kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    assert told["headers"]["Content-Type"] == f"{kinds[name.rpartition('.')[2]]}; charset=utf-8"
    assert told["headers"]["X-Content-Type-Options"] == "nosniff"
    assert ("immutable" in told["headers"]["Cache-Control"]) == (name in MADE)


def test_a_file_that_the_browser_has_is_not_sent_again(house: House) -> None:
    told = get(house, "console-asset", file="icon.svg")
    event = request("console-asset", headers={"if-none-match": told["headers"]["ETag"]}, file="icon.svg")
    again = house.invoke("console", event)
    assert (again["statusCode"], again["body"]) == (304, "")


def test_a_browser_that_takes_it_packed_gets_it_packed(house: House) -> None:
    told = get(house, "console-asset", "gzip, br", file=MADE[0])
    assert told["headers"]["Content-Encoding"] == "gzip"
    assert gzip.decompress(base64.b64decode(told["body"])).decode() == (FOLDER / MADE[0]).read_text()


@pytest.mark.parametrize("name", ["index.html", "nope.js", "..", "../console.py", ".", "icon.svg/", "%2e%2e"])
def test_nothing_else_is_served(house: House, name: str) -> None:
    assert get(house, "console-asset", file=name)["statusCode"] == 404


def test_the_door_has_a_right_to_its_log_and_traces_and_to_nothing_else() -> None:
    (policies,) = of_type("AWS::IAM::Role")["ConsoleRole"]["Policies"]
    assert [one["Sid"] for one in policies["PolicyDocument"]["Statement"]] == ["Log", "Trace"]


# --- the song that came in ---------------------------------------------------------------------------------------


def test_a_song_that_was_uploaded_is_heard_by_who_may_read_the_cover(house: House) -> None:
    house.drop("uploads/owner/0a1b2c3d4e5f60718293a4b5c6d7e8f9")
    job_id = house.http("submit", request("submit-from-upload")).body["id"]
    reply = house.http("read", request("read-source", id=job_id))
    assert (reply.status, reply.headers["cache-control"]) == (302, "no-store")
    assert "/uploads/owner/0a1b2c3d4e5f60718293a4b5c6d7e8f9?" in reply.headers["location"]
    assert reply.headers["location"] == reply.body["audio_url"]


def test_a_song_that_came_by_link_is_its_owners_to_serve(house: House) -> None:
    assert house.http("read", request("read-source", id=house.cover())).status == 404
