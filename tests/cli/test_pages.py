"""What the pages say of the command, and the command of itself."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from cli.main import app
from cli.queues import DEAD_LETTERS, named
from tests.template import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted((ROOT / "cli").rglob("*.py"))


def commands(group: Any = None, before: str = "reprise") -> dict[str, Any]:
    """`reprise keys create` -> the command."""
    found: dict[str, Any] = {}
    top: Any = group or get_command(app)
    for name, one in top.commands.items():
        path = f"{before} {name}"
        found |= commands(one, path) if hasattr(one, "commands") else {path: one}
    return found


def options(one: Any) -> set[str]:
    named = (text for parameter in one.params for text in (*parameter.opts, *parameter.secondary_opts))
    return {text for text in named if text.startswith("--")}


@pytest.mark.parametrize("path", commands())
def test_each_command_is_in_the_table_of_a_page(path: str) -> None:
    tables = "".join((ROOT / page).read_text() for page in ("docs/operations.md", "docs/cli.md"))
    assert re.search(rf"^\| [^|]*`{path}[ `]", tables, re.M)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_line_that_a_page_lets_you_type_is_one_that_the_command_takes(path: Path) -> None:
    known = commands()
    tops = {name.split()[1] for name in known}
    groups = {name.rpartition(" ")[0] for name in known}
    typed = re.findall(rf"(?:bin/|^ *|`)(reprise (?:{'|'.join(tops)})\b[^`#\n|]*)", path.read_text(), re.M)
    for line in typed:
        command = next((one for one in known if f"{line.strip()} ".startswith(f"{one} ")), None)
        if command is None:
            assert line.strip() in groups, line
            continue
        assert set(re.findall(r"--[a-z-]+", line)) <= {"--help"} | options(known[command]), line
        queue = re.fullmatch(r"reprise dlq redrive ([a-z]+)", line.strip())
        if queue:
            assert named(queue[1])


@pytest.mark.parametrize("queue", DEAD_LETTERS, ids=lambda one: one.name)
def test_the_page_of_a_queue_says_how_to_play_its_letters(queue: Any) -> None:
    page = (ROOT / queue.runbook).read_text()
    assert f"reprise dlq redrive {queue.short}\n" in page
    assert "reprise dlq list" in page


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_command_needs_nothing_of_the_tests(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        assert not {name.partition(".")[0] for name in names} & {"tests", "simulators", "moto", "pytest"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_of_the_command_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 150


def test_a_stack_in_aws_is_asked_without_what_only_the_local_run_needs() -> None:
    """The translator of templates takes half a second to load; errors and how things are shown take none."""
    light = ("local.errors", "local.show")
    for path in MODULES:
        at_once = [node.module for node in ast.parse(path.read_text()).body if isinstance(node, ast.ImportFrom)]
        assert [name for name in at_once if str(name).startswith("local.") and name not in light] == [], path
