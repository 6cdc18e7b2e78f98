"""Our own provider beside the embedded AWS: it starts, answers, and ends with whoever started it."""

from pathlib import Path

import httpx
import pytest

from local import demo as demo_module
from local import studio
from local.demo import demo
from local.errors import LocalError
from local.studio import Studio, installed

needs_it = pytest.mark.skipif(not installed(), reason="its environment is not installed: make .venv-studio/.ready")


@needs_it
def test_it_answers_with_its_key_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    one = Studio(tmp_path)
    try:
        one.wait()
        assert httpx.get(f"{one.url}/health", trust_env=False).json()["ok"] is True
        assert httpx.get(f"{one.url}/v1/styles", trust_env=False).status_code == 401
        headers = {"Authorization": f"Bearer {one.key}"}
        assert httpx.get(f"{one.url}/v1/styles", headers=headers, trust_env=False).json()["styles"]
    finally:
        one.stop()
    assert one.process.poll() is not None
    assert one.key not in one.log.read_text()


@needs_it
def test_one_that_cannot_start_says_where_its_log_is(tmp_path: Path) -> None:
    one = Studio(tmp_path, engine="no.such.engine:ENGINE")
    with pytest.raises(LocalError, match="The studio did not start") as told:
        one.wait()
    assert "no.such" in str(told.value) or "studio.log" in str(told.value)


def test_what_is_not_installed_is_not_the_usual_one_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(studio, "ENVIRONMENT", tmp_path)
    assert not installed()
    assert demo_module._usual() == "kie"
    assert "not installed" in capsys.readouterr().out
    with pytest.raises(LocalError, match="not installed"):
        demo(None, "lo-fi jazz", tmp_path / "out", provider="studio", home=tmp_path / "home")


def test_what_is_installed_is_the_usual_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".ready").touch()
    monkeypatch.setattr(studio, "ENVIRONMENT", tmp_path)
    assert demo_module._usual() == "studio"
