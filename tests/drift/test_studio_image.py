"""The studio's service, its page, its adapter, its image: they say the same."""

import re
from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path

import pytest
from reprise.providers.studio import CAPABILITIES, LOST, STAGES, SUBMIT_ERRORS, TASK_ERRORS, submit_body

from studio.server import asked, signing
from studio.server.settings import PREFIX, Settings
from studio.server.task import STAGES as TOLD
from tests.contract.vendors.samples import an_order
from tests.contract.vendors.studio import SAMPLES
from tests.drift.test_docs import page
from tests.factories import a_request
from tests.template import ROOT

PAGE = page("studio-service.md")
SERVER = ROOT / "studio/server"
NETWORKS = (ip_network("127.0.0.0/8"),)


def code(*names: str) -> str:
    return "\n".join((SERVER / f"{name}.py").read_text() for name in names)


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_each_setting_is_on_the_page(setting: str) -> None:
    assert f"`{PREFIX}{setting.upper()}`" in PAGE


def test_each_setting_is_read() -> None:
    given = {
        "api_key": "a-long-key", "home": "/h", "host": "::1", "port": "1", "public_url": "https://s.example/",
        "hmac_key": "k", "workers": "3", "memory_mb": "4", "seconds": "5", "queue": "6", "keep_hours": "0.5",
        "allowed_private_networks": "10.0.0.0/8, 127.0.0.0/8", "pauses": "1,2.5", "engine": "a:b",
    }  # fmt: skip
    read = Settings.load({f"{PREFIX}{name.upper()}": value for name, value in given.items()})
    networks = (ip_network("10.0.0.0/8"), ip_network("127.0.0.0/8"))
    assert read == Settings(
        "a-long-key", Path("/h"), "::1", 1, "https://s.example", "k", 3, 4, 5, 6, 0.5, networks, (1, 2.5), "a:b"
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{"api_key": "short"}, {"port": "many"}, {"workers": "0"}, {"pauses": "1,,2"}, {"keep_hours": "a day"}]
)
def test_a_setting_that_cannot_be_read_is_refused(wrong: dict[str, str]) -> None:
    given = {"api_key": "a-long-key", **wrong}
    with pytest.raises(ValueError, match=r"."):
        Settings.load({f"{PREFIX}{name.upper()}": value for name, value in given.items()})


def test_the_page_names_no_setting_that_there_is_not() -> None:
    known = {f"{PREFIX}{field.name.upper()}" for field in fields(Settings)}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", PAGE)) <= known


def test_each_route_is_on_the_page() -> None:
    routes = re.findall(r'Route\("([^"]+)"', code("web"))
    assert len(routes) == 7
    assert all(f"{route}`" in PAGE for route in routes)


def test_each_reason_of_a_failed_task_is_on_the_page() -> None:
    ours = re.findall(r'(?:RefusedError|\.fail|_fail|_kill)\([^")]*"([a-z_]+)"', code("worker", "workers", "store"))
    assert {"worker_died", "interrupted", "timed_out", "too_much_memory", "source_unfetchable"} <= set(ours)
    for reason in {*ours, *TASK_ERRORS}:
        assert f"`{reason}`" in PAGE, reason


def test_each_status_that_the_service_refuses_with_has_a_class() -> None:
    told = {int(one) for one in re.findall(r"HTTPException\((\d{3})", code("web"))} | {422}
    assert told - {404, 410} <= set(SUBMIT_ERRORS)
    assert f'"{LOST}: ' in code("web")


def test_what_the_adapter_sends_is_what_the_service_takes() -> None:
    for request, _ in [*SAMPLES.requests.values(), (a_request(pitch=0, title="Fog"), {})]:
        body = submit_body(an_order(request, "studio"))
        body["source_url"] = body["callback_url"] = "http://127.0.0.1/a"
        assert asked.parse(body, NETWORKS, frozenset({"deeper"}))


def test_limits_stages_and_headers_are_the_same_on_both_sides() -> None:
    assert CAPABILITIES.output.formats == frozenset(asked.FORMATS)
    assert (*STAGES,) == TOLD[1:] == tuple(CAPABILITIES.stages)
    adapter = (ROOT / "layers/core/reprise/providers/studio.py").read_text()
    for header in (signing.TIMESTAMP, signing.SIGNATURE):
        assert f'"{header.lower()}"' in adapter
        assert f"`{header}`" in PAGE


# --- the image -----------------------------------------------------------------------------------------------------


def test_what_the_image_copies_is_there() -> None:
    lines = (ROOT / "studio/Dockerfile").read_text().splitlines()
    copied = [part for line in lines if line.startswith("COPY ") for part in line.split()[1:-1]]
    copied = [part for part in copied if not part.startswith("--")]
    assert copied
    for part in copied:
        assert (ROOT / part).exists(), part


def test_the_image_has_all_of_the_gateway_that_the_service_imports() -> None:
    """And no more than is needed to know which links may be followed."""
    copied = (ROOT / "studio/Dockerfile").read_text()
    used = {
        name for path in SERVER.glob("*.py") for name in re.findall(r"^\s*from (reprise[\w.]*)", path.read_text(), re.M)
    }
    assert used <= {
        "reprise.net.urls",
        "reprise.net.fetch",
        "reprise.net.post",
        "reprise.errors",
        "reprise.domain.audio",
        "reprise.media",
    }
    assert "layers/core/reprise" in copied


def test_what_is_ignored_by_the_build_is_not_needed_by_it() -> None:
    ignored = (ROOT / "studio/Dockerfile.dockerignore").read_text().split()
    assert ignored[0] == "*", "nothing goes into the image unless it is named"
    named = [Path(one.removeprefix("!")) for one in ignored[1:] if one.startswith("!")]
    assert all((ROOT / one).exists() for one in named)
