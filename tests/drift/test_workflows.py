"""The workflows of .github: `make check` holds them to GitHub's schema and to zizmor; here, to this repository."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)


def steps(workflow: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(workflow.read_text())["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_digest_and_say_their_version(workflow: Path) -> None:
    used = re.findall(r"uses: (.+)", workflow.read_text())
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_every_make_target_is_there(workflow: Path) -> None:
    called = [line for step in steps(workflow) if (line := step.get("run", "")).startswith("make ")]
    names = [word for line in called for word in line.split('"')[0].split()[1:] if "=" not in word]
    assert [name for name in names if name not in TARGETS] == []


def test_everything_that_ci_asks_runs_for_each_change() -> None:
    runs = [step.get("run") for step in steps(ROOT / ".github" / "workflows" / "test.yml")]
    assert "bash .ci/run" in runs


def test_each_environment_has_its_settings() -> None:
    deploy = yaml.safe_load((ROOT / ".github" / "workflows" / "deploy.yml").read_text())
    environments = deploy[True]["workflow_dispatch"]["inputs"]["environment"]["options"]
    settings = tomllib.loads((ROOT / "samconfig.toml").read_text())
    assert [settings[name]["global"]["parameters"]["stack_name"] for name in environments] == [
        f"reprise-{name}" for name in environments
    ]
