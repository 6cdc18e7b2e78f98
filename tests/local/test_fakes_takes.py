"""Which takes the fakes of the local run make: the studio's where they are told its Python, else quick ones."""

import sys
from pathlib import Path

import pytest

from local.simulators import Simulator
from simulators.engine import SETTING

ASKER = f"""#!{sys.executable}
import json, os
print(json.dumps({{"url": os.environ.get({SETTING!r}, "none")}}), flush=True)
"""
"""Stands for a fake: its address is what it was told."""


@pytest.mark.parametrize(("takes", "told"), [(None, "none"), (Path("/studio/bin/python"), "/studio/bin/python")])
def test_a_fake_is_told_whose_takes_it_makes_and_hears_nothing_of_the_shells(
    takes: Path | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = tmp_path / "asker"
    asker.write_text(ASKER)
    asker.chmod(0o755)
    monkeypatch.setenv(SETTING, "/of/the/shell")
    monkeypatch.setattr(sys, "executable", str(asker))
    one = Simulator("kie", tmp_path, takes=takes)
    one.wait()
    one.stop()
    assert one.url == told
