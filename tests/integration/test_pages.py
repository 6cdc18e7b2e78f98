"""Pages and documents for everybody: what is handed out, how, and that nothing else is."""

import base64
import gzip
import json
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from reprise.http.files import STILL

from docs.openapi import PAGES
from docs.problems import kinds
from tests.golden import request
from tests.integration.house import House

HTML = sorted((PAGES / "docs").glob("*.html"))
each_page = pytest.mark.parametrize("file", HTML, ids=lambda file: file.stem)


class Seen(HTMLParser):
    """What a page names, and what it leads to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.add(tag)
        self.ids += [one for one in (known.get("id"),) if one]
        self.links += [one for name in ("href", "src", "action") if (one := known.get(name))]
        self.inline += [name for name in known if name == "style" or name.startswith("on")]


def asked(house: House, path: str, **headers: str) -> Mapping[str, Any]:
    event = request("pages", headers={name.replace("_", "-"): value for name, value in headers.items()})
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    return dict(house.invoke("pages", event))


def address(file: Path) -> str:
    return "/docs" if file.stem == "index" else f"/docs/{file.stem}"


@each_page
def test_a_page_is_handed_out_with_a_policy_that_allows_no_script(house: House, file: Path) -> None:
    reply = asked(house, address(file))
    assert (reply["statusCode"], reply["body"]) == (200, file.read_text())
    told = reply["headers"]
    assert told["Content-Type"] == "text/html; charset=utf-8"
    assert told["Content-Security-Policy"] == STILL
    assert "script-src" not in STILL
    assert "'unsafe" not in STILL
    assert STILL.startswith("default-src 'none'")
    assert (told["X-Content-Type-Options"], told["Referrer-Policy"]) == ("nosniff", "no-referrer")


@each_page
def test_a_page_needs_no_more_than_its_policy_allows(file: Path) -> None:
    seen = Seen(file.read_text())
    assert not seen.tags & {"script", "style", "iframe", "form", "object", "base"}
    assert seen.inline == []
    assert len(seen.ids) == len(set(seen.ids))


@each_page
def test_each_link_of_a_page_leads_somewhere_here(house: House, file: Path) -> None:
    seen = Seen(file.read_text())
    for link in seen.links:
        target, _, part = urljoin(address(file), link).partition("#")
        assert not target.startswith("http"), link
        assert not part or part in seen.ids, link
        assert target == "/openapi.json" or asked(house, target)["statusCode"] == 200, link


@pytest.mark.parametrize("name", ["kie", "sunoapi", "aimusicapi", "aimlapi", "musicgpt"])
def test_a_document_is_handed_out_as_it_lies_there(house: House, name: str) -> None:
    reply = asked(house, f"/openapi/{name}.json")
    assert (reply["statusCode"], reply["headers"]["Content-Type"]) == (200, "application/json")
    assert json.loads(reply["body"])["servers"][0]["url"].startswith(f"/{name}")


def test_who_takes_gzip_gets_it(house: House) -> None:
    reply = asked(house, "/docs", accept_encoding="gzip, br")
    assert (reply["headers"]["Content-Encoding"], reply["headers"]["Vary"]) == ("gzip", "Accept-Encoding")
    packed = base64.b64decode(reply["body"])
    assert gzip.decompress(packed).decode() == (PAGES / "docs/index.html").read_text()
    assert len(packed) < 25_000


def test_who_has_it_already_is_told_so(house: House) -> None:
    tag = asked(house, "/docs")["headers"]["ETag"]
    again = asked(house, "/docs", if_none_match=tag, accept_encoding="gzip")
    assert (again["statusCode"], again["body"], again["headers"]["ETag"]) == (304, "", tag)
    assert asked(house, "/docs/kie", if_none_match=tag)["statusCode"] == 200


@pytest.mark.parametrize(
    "path", ["/openapi/../../app.py", "/openapi/../docs/kie.html", "/docs/nobody", "/openapi/kie", "/docs//etc/passwd"]
)
def test_nothing_is_handed_out_but_the_files_that_lie_there(house: House, path: str) -> None:
    assert asked(house, path)["statusCode"] == 404


def test_every_kind_of_problem_is_named_on_the_page_that_its_link_leads_to() -> None:
    seen = Seen((PAGES / "docs/problems.html").read_text())
    assert {kind.slug for kind in kinds()} <= set(seen.ids)


def test_a_problem_has_a_name_the_field_and_a_link_to_what_to_do(house: House) -> None:
    reply = house.submit({"source": {"url": "https://songs.example/a.mp3"}, "vocal_gender": "both"})
    assert (reply.status, reply.body["type"]) == (422, "urn:reprise:problem:invalid")
    assert {one["field"] for one in reply.body["errors"]} >= {"vocal_gender"}
    assert reply.body["detail"].count("vocal_gender")
    assert reply.headers["link"] == '</docs/problems#invalid>; rel="help"'
    lost = house.http("read", request("read-cover", query={}, id="0" * 32))
    assert (lost.body["type"], lost.headers["link"]) == (
        "urn:reprise:problem:not-found",
        '</docs/problems#not-found>; rel="help"',
    )
