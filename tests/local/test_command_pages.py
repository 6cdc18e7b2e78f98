"""The pages' own commands, as somebody types them, against a whole local stack: two takes that decode."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from reprise.media import PacketProbe

from local import song
from local.stack import running_stack, write_stack
from tests.template import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("the commands")]
COMMANDS = ROOT / ".venv/bin"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a song in it, and a stack that its owner's commands find."""
    home = tmp_path_factory.mktemp("desk")
    song.render(home / "song.mp3")
    with running_stack(home / "stack", pace=0.1) as running:
        write_stack(running.stack, home / "stack/stack.json")
        yield home


def typed(desk: Path, lines: str) -> "subprocess.CompletedProcess[str]":
    told = {"HOME": str(desk), "REPRISE_LOCAL": str(desk / "stack"), "REPRISE_CONFIG": str(desk / "profiles.json")}
    path = f"{COMMANDS}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines],  # noqa: S607
        cwd=desk,
        env={**told, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def blocks(page: str) -> str:
    found = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text(), re.S)
    assert found, page
    return "\n".join(found)


def test_every_command_of_the_page_goes_through_and_its_takes_decode(desk: Path) -> None:
    done = typed(desk, blocks("docs/cli.md"))
    assert done.returncode == 0, done.stdout + done.stderr
    takes = sorted((desk / "covers").iterdir())
    assert len(takes) == 6
    assert all(PacketProbe().seconds(take) > 20 for take in takes)
    assert "cover.succeeded" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_readmes_shortest_way_to_a_cover_goes_through(desk: Path) -> None:
    (line,) = re.findall(r"^    (?:\.venv/bin/)?(reprise cover .*)$", (ROOT / "README.md").read_text(), re.M)
    done = typed(desk, line.partition("#")[0])
    assert done.returncode == 0, done.stderr
    first, second = (desk / name for name in done.stdout.splitlines())
    assert PacketProbe().seconds(first) > 20 < PacketProbe().seconds(second)
