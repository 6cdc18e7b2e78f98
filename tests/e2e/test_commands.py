"""Every command of the pages for beginners is run as it stands there, against the running stack.

A page's `sh` blocks are one script: what one sets, the next may use. `bash` blocks are not run: they start the stack
itself, or call the real vendors.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.caller import Caller
from tests.template import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("the stack")]

PAGES = [ROOT / "docs/quickstart.md", *sorted((ROOT / "docs/switch").glob("*.md"))]


def script(page: Path) -> str:
    return "set -eu\n" + "\n".join(re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.M | re.S))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_commands_of_a_page_lead_to_a_take(
    caller: Caller, uploaded: dict[str, str], song_bytes: bytes, tmp_path: Path, page: Path
) -> None:
    (tmp_path / "song.mp3").write_bytes(song_bytes)
    known = {"API": caller.stack.api_url, "KEY": caller.stack.api_key, "SONG": f"upload:{uploaded['upload']}"}
    told = tmp_path / "told"
    with told.open("w") as out:
        done = subprocess.run(
            ["/bin/sh", "-c", script(page)],
            cwd=tmp_path,
            env={**os.environ, **known},
            stdout=out,
            stderr=subprocess.STDOUT,
            timeout=240,
            check=False,
        )
    assert done.returncode == 0, told.read_text()
    take = (tmp_path / "take.mp3").read_bytes()
    assert take[:3] == b"ID3" or take[0] == 0xFF, told.read_text()
    assert len(take) > 10_000


def test_each_page_has_commands() -> None:
    assert {page.stem for page in PAGES} == {"quickstart", "kie", "sunoapi", "aimusicapi", "aimlapi", "musicgpt"}
    assert all("curl" in script(page) for page in PAGES)
