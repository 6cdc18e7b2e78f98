"""Who may import whom. The house stands because these arrows point one way."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.template import ROOT

CORE = ROOT / "layers/core"
PACKAGE = CORE / "reprise"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
HANDLERS = sorted((ROOT / "functions").glob("*/app.py"))
STDLIB = sys.stdlib_module_names


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(CORE).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path, tree: ast.AST | None = None) -> set[str]:
    """Full dotted names of all that a module imports, wherever in it, but for the type checker's sake."""
    found: set[str] = set()
    for node in _run(tree or tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {_full(str(node.module), one.name) for one in node.names}
    return found


def _full(module: str, name: str) -> str:
    """`from reprise import tokens` is a module, `from reprise.tokens import mint` is one too."""
    inside = CORE / Path(*module.split("."))
    is_module = (inside / f"{name}.py").exists() or (inside / name / "__init__.py").exists()
    return f"{module}.{name}" if is_module else module


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    yield tree
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from _run(node)


def top(name: str) -> str:
    return name.partition(".")[0]


def within(name: str, *places: str) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def below(*folders: str) -> list[Path]:
    return [path for path in MODULES if within(name_of(path), *(f"reprise.{folder}" for folder in folders))]


def everywhere(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: str(path.relative_to(ROOT)))


@everywhere(below("domain"))
def test_the_domain_knows_the_standard_library_and_itself(path: Path) -> None:
    for name in imports(path):
        assert top(name) in STDLIB or within(name, "reprise.domain"), name


@everywhere(below("domain"))
def test_the_domain_has_no_clock_no_dice_and_no_surroundings(path: Path) -> None:
    impure = {"os", "sys", "time", "random", "secrets", "uuid", "logging", "socket", "pathlib", "io"}
    assert not impure & {top(name) for name in imports(path)}
    calls = (node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))
    called = {function.attr for function in calls if isinstance(function, ast.Attribute)}
    assert not called & {"now", "utcnow", "today"}


@everywhere(below("usecases"))
def test_use_cases_know_the_domain_and_the_ports(path: Path) -> None:
    allowed = ("domain", "usecases", "ports", "errors", "tokens", "signing", "redact")
    for name in imports(path):
        assert top(name) in STDLIB or within(name, *(f"reprise.{one}" for one in allowed)), name


@everywhere(below("usecases"))
def test_use_cases_do_not_log(path: Path) -> None:
    assert "logging" not in imports(path)


@everywhere(below("ports", "errors"))
def test_ports_and_errors_know_the_domain_alone(path: Path) -> None:
    for name in imports(path):
        assert top(name) in STDLIB or within(name, "reprise.domain"), name


@everywhere(below("memory", "memory_webhooks"))
def test_the_memory_adapters_need_nothing_but_the_ports(path: Path) -> None:
    for name in imports(path):
        assert top(name) in STDLIB or within(
            name, "reprise.domain", "reprise.ports", "reprise.errors", "reprise.memory"
        ), name


@everywhere(below("providers", "dialects", "http", "aws", "net", "media", "sources"))
def test_adapters_do_not_know_each_other(path: Path) -> None:
    families = ("providers", "aws", "http", "media")
    own = name_of(path).split(".")[1]
    for name in imports(path):
        known = (own, "providers") if own == "dialects" else (own,)  # a vendor's limits are data, kept once
        others = [f"reprise.{family}" for family in families if family not in known]
        assert not within(name, *others, "reprise.bootstrap"), name


@pytest.mark.parametrize(
    ("library", "places"),
    [
        ("boto3", ["aws"]),
        ("botocore", ["aws"]),
        ("httpx", ["providers.http_client", "net", "client"]),
        ("httpcore", ["net"]),
        ("av", ["media"]),
        ("cryptography", ["signing"]),
        ("aws_lambda_powertools", ["http", "logs", "metrics"]),
        ("pydantic", ["http.shapes.bodies"]),
        ("pydantic_core", ["http.shapes.bodies"]),
    ],
)
def test_a_library_stays_in_its_place(library: str, places: list[str]) -> None:
    allowed = below(*places)
    users = [path for path in MODULES if library in {top(name) for name in imports(path)}]
    assert [path for path in users if path not in allowed] == []


@everywhere(MODULES)
def test_only_bootstrap_and_settings_look_at_the_environment(path: Path) -> None:
    if name_of(path) not in ("reprise.bootstrap", "reprise.settings"):
        assert not {"os", "dotenv"} & {top(name) for name in imports(path)}


@everywhere(HANDLERS)
def test_a_door_knows_bootstrap_words_and_views_but_no_adapter(path: Path) -> None:
    for name in imports(path):
        assert top(name) in STDLIB or top(name) in ("reprise", "aws_lambda_powertools"), name
        assert not within(name, "reprise.aws.clients", "reprise.aws.job_store", "reprise.providers", "reprise.memory")


def test_nothing_reaches_into_the_tests_or_the_local_run() -> None:
    outside = {"tests", "local", "cli", "simulators", "pytest", "moto"}
    for path in [*MODULES, *HANDLERS]:
        assert not outside & {top(name) for name in imports(path)}, path


@everywhere(below("client"))
def test_the_client_knows_the_shapes_of_the_api_and_nothing_that_answers_it(path: Path) -> None:
    for name in imports(path):
        own = within(name, "reprise.client", "reprise.domain", "reprise.signing", "reprise.http.shapes")
        assert top(name) in STDLIB or own or within(name, "httpx"), name


def test_nothing_deployed_needs_the_client_and_the_layer_is_built_without_it(tmp_path: Path) -> None:
    for path in [*MODULES, *HANDLERS]:
        assert not any(within(name, "reprise.client") for name in imports(path)) or path in below("client"), path
    settings = {"ARTIFACTS_DIR": str(tmp_path), "PYTHON313": sys.executable, "PATH": os.environ["PATH"]}
    subprocess.run(["make", "-s", "build-CoreLayer"], cwd=CORE, env=settings, check=True)  # noqa: S607
    built = {path.name for path in (tmp_path / "python/reprise").iterdir()}
    assert {path.name for path in PACKAGE.iterdir()} - built - {"__pycache__"} == {"client"}


def test_only_who_looks_into_audio_pays_for_ffmpeg() -> None:
    assert [name_of(path) for path in MODULES if "reprise.media" in imports(path)] == ["reprise.bootstrap"]
