"""What stands around `reprise mcp`: the settings that its page gives, and that nobody else pays for the SDK."""

import json
import os
import re
import subprocess
import sys
import tomllib
from typing import Any

import anyio
import pytest
from typer.main import get_command

from cli.agents.server import server
from cli.main import app
from tests.template import ROOT

PAGE = (ROOT / "docs/mcp.md").read_text()


def started(settings: dict[str, Any]) -> dict[str, Any]:
    """The one server that is set, whatever the program calls the list."""
    (servers,) = settings.values()
    assert servers.keys() == {"reprise"}
    found: dict[str, Any] = servers["reprise"]
    return found


def settings() -> list[dict[str, Any]]:
    found = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.S)]
    found += [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", PAGE, re.S)]
    readme = re.findall(r'`(\{"mcpServers".*?)`', (ROOT / "README.md").read_text())
    return [started(one) for one in [*found, *map(json.loads, readme)]]


def test_all_settings_are_found() -> None:
    assert len(settings()) == 5


@pytest.mark.parametrize("one", settings(), ids=lambda one: " ".join(one["args"]))
def test_settings_start_the_command_with_options_that_it_takes(one: dict[str, Any]) -> None:
    assert one["command"].endswith("/.venv/bin/reprise")
    name, *more = one["args"]
    command: Any = get_command(app)
    command.commands[name].make_context(name, list(more))
    assert name == "mcp"


def test_the_page_names_each_argument_of_each_tool() -> None:
    for tool in anyio.run(server("").list_tools):
        (row,) = re.findall(rf"^\| `{tool.name}` \|(.*)$", PAGE, re.M)
        assert all(f"`{argument}`" in row for argument in tool.input_schema["properties"]), tool.name


def test_other_commands_do_not_load_the_sdk_and_without_it_one_line_says_what_to_do() -> None:
    code = (
        "import sys; from cli.main import main; "
        "print(sorted({'mcp', 'mcp_types', 'starlette'} & set(sys.modules))); "
        "sys.modules['mcp'] = None; sys.argv = ['reprise', 'mcp']; main()"
    )
    here = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers/core")])}
    done = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "[]\n")
    assert done.stderr.splitlines() == [
        "The Python package `mcp` is not installed.",
        "To mend it: pip install 'mcp>=2.3'",
    ]


def test_nothing_of_it_ships_to_lambda() -> None:
    shipped = [path.read_text() for path in (ROOT / "layers").glob("*/requirements.txt")]
    assert shipped
    assert "\nmcp==" in (ROOT / "requirements/dev.txt").read_text()
    assert not any(re.search(r"^(mcp|mcp-types|starlette)==", pins, re.M) for pins in shipped)
