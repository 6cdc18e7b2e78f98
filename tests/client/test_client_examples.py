"""Each example in the client's docstrings, and in its page, says what really comes."""

import doctest
import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import reprise.client
from reprise.client import Reprise, verify_webhook
from reprise.signing import headers, secret_of

from tests.client.world import SONG, World
from tests.integration.house import OWNER_KEY
from tests.stack import PUBLIC_URL
from tests.template import ROOT

PAGE = ROOT / "docs/client.md"
MODULES = [f"reprise.client.{one.name}" for one in pkgutil.iter_modules(reprise.client.__path__)]
MASTER = b"m" * 48


def examples() -> Iterator[doctest.DocTest]:
    for name in ["reprise.client", *MODULES]:
        found = doctest.DocTestFinder().find(importlib.import_module(name))
        yield from (one for one in found if one.examples)
    code = "\n\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S))
    yield doctest.DocTestParser().get_doctest(code, {}, "docs/client.md", str(PAGE), 0)


def a_webhook() -> tuple[bytes, dict[str, str], str]:
    body, secret = b'{"type": "cover.succeeded"}', secret_of(MASTER, "owner", 1)
    return body, headers(MASTER, "a-1", datetime.now(UTC), body, [secret]), secret


@pytest.mark.parametrize("example", list(examples()), ids=lambda one: one.name)
def test_an_example(example: doctest.DocTest, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "song.mp3").write_bytes(SONG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reprise.client, "Reprise", lambda url, key: world.client(key))
    names: dict[str, Any] = {"client": world.client(), "url": PUBLIC_URL, "key": OWNER_KEY, "a_webhook": a_webhook}
    names |= {
        "Reprise": reprise.client.Reprise,
        "verify_webhook": verify_webhook,
    }
    example.globs.update({**{name: getattr(reprise.client, name) for name in reprise.client.__all__}, **names})
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(example, out=said.append)
    assert not said, "".join(said)


def test_the_class_itself_is_what_the_examples_stand_for() -> None:
    assert Reprise(PUBLIC_URL, "rk_never-shown").__repr__() == f"Reprise('{PUBLIC_URL}')"
