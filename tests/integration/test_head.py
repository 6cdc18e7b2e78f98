"""HEAD of what needs no API key: the status and headers of GET (RFC 9110, 9.3.2). No server in front sends a body."""

import io
from typing import Any
from urllib.parse import parse_qs, urlsplit
from wsgiref.util import setup_testing_defaults

import pytest

from tests.integration.gateway import Gateway
from tests.integration.house import House
from tests.integration.test_read_and_manage import a_finished_cover

PAGES = ["/", "/console", "/console/nothing.js", "/docs", "/docs/problems", "/docs/kie", "/openapi/kie.json"]


def asked(house: House, method: str, path: str) -> tuple[str, dict[str, str]]:
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    environ["wsgi.input"] = io.BytesIO()
    told: list[Any] = []
    Gateway(house)(environ, lambda *answer: told.extend(answer))
    status, headers = told
    return status, {name.lower(): value for name, value in headers}


@pytest.mark.parametrize("path", [*PAGES, "/openapi.json"])
def test_the_head_of_a_page_is_that_of_the_page(house: House, path: str) -> None:
    status, headers = asked(house, "GET", path)
    again, told = asked(house, "HEAD", path)
    assert (again, told.keys(), told["content-type"]) == (status, headers.keys(), headers["content-type"])
    assert status.startswith("404") is (path == "/console/nothing.js")


def test_the_head_of_a_public_link_leads_to_the_take(house: House) -> None:
    job_id = a_finished_cover(house)
    path = f"/audio/{job_id}/{house.job(job_id).audio_key}/1.mp3"
    status, headers = asked(house, "HEAD", path)
    assert status == "302 Found"
    assert f"/covers/owner/{job_id}/1.mp3?" in headers["location"]
    assert asked(house, "HEAD", path.replace("1.mp3", "7.mp3"))[0] == "404 Not Found"


def test_the_link_of_a_head_is_signed_for_a_head(house: House) -> None:
    """S3 refuses another method than the one that was signed for."""
    job_id = a_finished_cover(house)
    path = f"/audio/{job_id}/{house.job(job_id).audio_key}/1.mp3"
    signed: dict[tuple[str, str], str] = {}
    while not signed or signed["GET", "date"] != signed["HEAD", "date"]:
        for method in ("GET", "HEAD"):
            query = parse_qs(urlsplit(asked(house, method, path)[1]["location"]).query)
            signed |= {(method, "date"): query["X-Amz-Date"][0], (method, "by"): query["X-Amz-Signature"][0]}
    assert signed["GET", "by"] != signed["HEAD", "by"]
