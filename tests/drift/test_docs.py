"""The pages say what the code says: tables are made of its data, lists name all that there is, links lead somewhere."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from reprise.dialects import DIALECTS
from reprise.providers import capabilities
from reprise.providers.client import VendorSettings

from docs.openapi.operations import OPERATIONS
from docs.problems import ADVICE, kinds
from docs.tables import FOLDER, PAGES, with_tables
from tests.template import ROOT, functions

DOCUMENTS = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *FOLDER.rglob("*.md")]
)
DECISIONS = sorted((FOLDER / "decisions").glob("*.md"))

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def page(name: str) -> str:
    return (FOLDER / name).read_text()


@pytest.mark.parametrize("name", PAGES)
def test_the_tables_are_those_of_the_data(name: str) -> None:
    assert page(name) == with_tables(name, page(name)), "make tables"


@pytest.mark.parametrize("part", [field.name.replace("_", "-") for field in fields(VendorSettings)])
def test_each_setting_of_a_provider_has_a_command_line_and_a_row(part: str) -> None:
    assert re.search(rf"--name \$P/\w+/{part} ", page("providers.md"))
    assert f"/{part}`" in page("operations.md")


@pytest.mark.parametrize("name", capabilities())
def test_each_provider_can_be_asked_for_by_name(name: str) -> None:
    assert f"| `{name}` |" in page("providers.md")
    assert f"`{name}`" in page("api.md")
    assert f"`{name}`" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", DIALECTS)
def test_each_dialect_has_its_base_url_and_a_curl_line_of_its_own_paths(name: str) -> None:
    assert f"`$API/{name}" in page("dialects.md")
    commands = "".join(re.findall(r"```sh\n(.*?)```", page(f"switch/{name}.md"), re.S))
    called = set(re.findall(rf"\$API/{name}(/[\w/-]+)", commands))
    one = DIALECTS[name]
    for kind in (one.submits, one.statuses, one.balances, one.catalogs):
        assert not kind or called & set(kind)
    assert called <= {*one.submits, *one.statuses, *one.balances, *one.catalogs}


@pytest.mark.parametrize("verb", sorted(functions()))
def test_each_function_is_in_the_table_of_doors_and_in_the_tree(verb: str) -> None:
    assert f"| `{verb}` |" in page("architecture.md")
    assert re.search(rf"functions/<verb>/app\.py .*\b{verb}\b", (ROOT / "README.md").read_text())


def test_each_kind_of_problem_says_what_to_do() -> None:
    assert set(ADVICE) == {kind.slug for kind in kinds()}


@pytest.mark.parametrize("path", sorted({one.path for one in OPERATIONS if one.method == "GET"}))
def test_each_question_of_our_own_api_is_told_of_in_prose(path: str) -> None:
    told = re.findall(r"`GET (/[^`\s]+)`", page("api.md") + page("webhooks.md"))
    assert _unnamed(path) in map(_unnamed, told)


def _unnamed(path: str) -> str:
    """Whatever the parts are called."""
    return re.sub(r"{\w+}", "{}", path).replace("{}.{}", "{}")


def test_each_rule_that_a_violation_may_name_is_listed() -> None:
    (listed,) = re.findall(r"`errors` of\s+`invalid` may name: (.+)", page("api.md"))
    found = {rule for path in (ROOT / "layers/core/reprise").rglob("*.py") for rule in _rules(path)}
    assert len(found) > 15
    assert found <= set(listed.split(", "))


def _rules(path: Path) -> Iterator[str]:
    """The second argument of each `Violation(...)` and `.fault(...)`, where it is written out."""
    for call in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(call, ast.Call)
            and len(call.args) > 2
            and re.search(r"Violation$|\.fault$", ast.unparse(call.func))
        ):
            written = (one.value for one in ast.walk(call.args[1]) if isinstance(one, ast.Constant))
            yield from (rule for rule in written if isinstance(rule, str) and rule)


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path not in DECISIONS], ids=lambda path: path.name)
def test_a_release_that_a_page_speaks_of_is_in_the_changelog(path: Path) -> None:
    released = re.findall(r"^## \[?(\d[\d.]*)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert set(re.findall(r"[Rr]elease (\d+\.\d[\d.]*\b)", path.read_text())) <= set(released)


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    for number, path in zip(numbers, DECISIONS, strict=True):
        assert path.read_text().startswith(f"# {number}. ")


@each_document
def test_links_to_files_and_headings_lead_somewhere(path: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?://)([^)#\s]*)(?:#([^)]+))?\)", path.read_text()):
        there = path.parent / target if target else path
        assert there.exists(), target
        if anchor:
            assert anchor in {_anchor(title) for title in re.findall(r"^#+ (.+)$", there.read_text(), re.M)}, anchor


def _anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def test_each_check_that_is_left_out_of_the_audit_says_why() -> None:
    left_out = [line for line in (ROOT / ".checkov.yaml").read_text().splitlines() if "CKV" in line]
    assert left_out
    for line in left_out:
        assert re.fullmatch(r"  - CKV\w+ # .{30,}", line), line
