"""Commands in the pages name what is there: targets, subcommands, parameters. What needs no stack is run."""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import botocore
import botocore.session
import pytest
import typer.main
from reprise.dialects import DIALECTS
from reprise.domain.job import ErrorClass
from reprise.http import views

from cli.main import app
from tests.contract.dialects.stages import failed, link
from tests.drift.test_docs import DOCUMENTS
from tests.template import ROOT, template

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
BLOCK = re.compile(r"^```(?:sh|bash)\n(.*?)^```", re.M | re.S)
INLINE = re.compile(r"`([^`\n]+)`")


def commands(text: str) -> str:
    """Of fenced blocks, without what stands behind a `#`."""
    return re.sub(r"\s#.*", "", "\n".join(BLOCK.findall(text)))


@cache
def targets() -> set[str]:
    return set(re.findall(r"^([\w./-]+):(?!=)", (ROOT / "Makefile").read_text(), re.M))


@cache
def known() -> set[tuple[str, ...]]:
    """`("keys", "create")`, `("doctor",)`."""
    root = typer.main.get_command(app)
    every = getattr(root, "commands", {})
    deep = {(name, inner) for name, one in every.items() for inner in getattr(one, "commands", {})}
    return deep | {(name,) for name in every}


@each_document
def test_a_target_that_a_page_names_is_there(path: Path) -> None:
    lines = re.findall(r"^\s*make (.+)$", commands(path.read_text()), re.M)
    named = {one for line in lines for one in re.sub(r"[A-Z]+=(\"[^\"]*\"|\S+)", "", line).split()}
    assert named <= targets()


@each_document
def test_a_subcommand_that_a_page_names_is_there(path: Path) -> None:
    for first, second in re.findall(r"\breprise (?!-)([a-z]+)(?: ([a-z]+)\b)?", commands(path.read_text())):
        assert (first,) in known(), first
        group = any(len(one) == 2 and one[0] == first for one in known())
        assert not group or (first, second) in known(), f"{first} {second}"


@each_document
def test_an_option_that_a_page_gives_is_one_of_its_command(path: Path) -> None:
    """In running text too."""
    text = path.read_text()
    for line in (*commands(text).replace("\\\n", " ").splitlines(), *INLINE.findall(text)):
        for asked in re.findall(r"(?:^|[\s/])reprise ([a-z][^|>;&]*)", line):
            command, words = _command(asked.split())
            named = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
            assert named <= _options(command), asked


def _command(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the first words name, and the rest."""
    found: Any = typer.main.get_command(app)
    while words and words[0] in getattr(found, "commands", {}):
        found, words = found.commands[words[0]], words[1:]
    return found, words


def _options(command: Any) -> set[str]:
    own = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    return own | {"--help"}


AWS = re.compile(r"\baws ([a-z0-9-]+) ([a-z0-9-]+)")


@pytest.mark.parametrize(
    ("service", "operation"), sorted({pair for path in DOCUMENTS for pair in AWS.findall(commands(path.read_text()))})
)
def test_a_call_of_aws_that_a_page_names_is_there(service: str, operation: str) -> None:
    if (service, operation) in OF_THE_COMMAND_LINE:
        return
    names = botocore.session.get_session().get_service_model(service).operation_names
    assert operation in {botocore.xform_name(name, "-") for name in names}


OF_THE_COMMAND_LINE = {("logs", "tail")}
"""What `aws` has beside the services' own operations."""


@each_document
def test_a_parameter_that_a_page_sets_is_the_templates(path: Path) -> None:
    """Or a recipe's, on the recipes' page."""
    recipes = {name for one in path.parent.glob("*/template.yaml") for name in parameters(one)}
    for line in re.findall(r"--parameter-overrides ([^\n]+)", commands(path.read_text())):
        assert {one.partition("=")[0] for one in line.split()} <= (recipes or set(template()["Parameters"]))


def parameters(path: Path) -> list[str]:
    (section,) = re.findall(r"^Parameters:\n((?:  .*\n)+)", path.read_text(), re.M)
    return re.findall(r"^  (\w+):", section, re.M)


@pytest.mark.parametrize("line", re.findall(r"^\.venv/.*--help$", (ROOT / "docs/deploy.md").read_text(), re.M))
def test_a_command_that_needs_no_account_runs_as_it_stands(line: str) -> None:
    done = subprocess.run(line.split(), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, "Usage" in done.stdout) == (0, True), done.stderr


WHY = "the lyrics are not allowed"
FAILED = failed(ErrorClass.CONTENT_REFUSED, WHY, task_id="task-1")
PAGES = {
    "quickstart.md": views.cover(FAILED, "https://reprise.example"),
    **{f"switch/{name}.md": dialect.status(FAILED, link).body for name, dialect in DIALECTS.items()},
}
"""Page -> the answer about a cover that failed, for which its commands wait."""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_s_commands_stop_waiting_for_a_cover_that_failed_and_show_why(page: str, tmp_path: Path) -> None:
    (waiting,) = (one for one in BLOCK.findall((ROOT / "docs" / page).read_text()) if "; do sleep" in one)
    told = pasted(waiting[waiting.index("while ") :], PAGES[page], tmp_path)
    assert WHY in told
    assert ("Traceback" in told, (tmp_path / "take.mp3").exists()) == (False, False)


def test_the_readme_s_commands_stop_at_a_refused_submit_and_show_why(tmp_path: Path) -> None:
    (ordering,) = (one for one in BLOCK.findall((ROOT / "README.md").read_text()) if "Idempotency-Key" in one)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    told = pasted(ordering, {"status": 422, "detail": WHY}, tmp_path, ID="")
    assert WHY in told
    assert ("Traceback" in told, (tmp_path / "asked").read_text().count("\n")) == (False, 1)


def pasted(script: str, answer: Mapping[str, Any], folder: Path, **known: str) -> str:
    """What a terminal shows, where `curl` has this one answer to everything; `asked` has a line for each call."""
    (folder / "answer.json").write_text(json.dumps(answer))
    curl = folder / "curl"
    curl.write_text(CURL)
    curl.chmod(0o755)
    paths = {"PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=folder,
        env={"API": "api", "KEY": "key", "ID": "id", "TASK": "task", **paths, **known},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=30,
        check=False,
    )
    return done.stdout


CURL = """#!/bin/sh
echo "$1" >> asked
while [ $# -gt 0 ] && [ "$1" != -o ]; do shift; done
cat answer.json > "${2:-/dev/stdout}"
"""
