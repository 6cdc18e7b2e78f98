"""Lists that must name the same things: errors and their statuses, providers and their abilities, verbs and files."""

import ast
import inspect
import json
import re
from typing import get_args

import pytest
from reprise import errors
from reprise.domain.job import ErrorClass, OwnReason
from reprise.http.openapi import FILE
from reprise.http.problems import RETRY_AFTER, TABLE, explained, problem
from reprise.http.shapes.covers import FailureReason
from reprise.providers import REGISTRY, build, capabilities
from reprise.providers.client import VendorSettings

from tests.golden import EVENTS
from tests.template import ROOT, functions

ERRORS = {
    name: one
    for name, one in vars(errors).items()
    if inspect.isclass(one) and issubclass(one, Exception) and one.__module__ == errors.__name__
}
NEVER_AT_A_DOOR = {
    errors.RepriseError: "a base",
    errors.UnrecordedError: "the log's: submit answers with the job, advance has no caller",
    errors.UnreadableLineError: "dispatch's: it is set aside",
    errors.RequestError: "a base",
    errors.TryAgainError: "a base",
    errors.FetchError: "transfer's",
    errors.ForbiddenAddressError: "transfer's",
    errors.UnusableAudioError: "transfer's",
    errors.PassingFetchError: "transfer's",
    errors.TooMuchAudioError: "the look's",
}


def drawn() -> dict[str, str | None]:
    """Error -> its parent, as the tree in the docstring of errors.py has it."""
    parents: dict[str, str | None] = {}
    path: list[str] = []
    for line in str(errors.__doc__).splitlines():
        found = re.match(r"^((?:[│ ] {3})*(?:[├└]── )?)(\w+Error)\b", line)
        if found:
            depth = len(found[1]) // 4
            path = [*path[:depth], found[2]]
            parents[found[2]] = path[-2] if depth else None
    return parents


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    parents = {name: one.__mro__[1] for name, one in ERRORS.items()}
    assert drawn() == {name: one.__name__ if one in ERRORS.values() else None for name, one in parents.items()}


def test_an_error_that_a_door_can_meet_has_a_status_and_no_other_has_one() -> None:
    assert set(TABLE) == set(ERRORS.values()) - set(NEVER_AT_A_DOOR)
    assert set(RETRY_AFTER) <= set(TABLE)


@pytest.mark.parametrize("error", list(TABLE), ids=lambda one: one.__name__)
def test_a_status_says_whose_trouble_it_is(error: type[Exception]) -> None:
    status, _, _ = TABLE[error]
    told = errors.RequestError | errors.ForgedCallbackError | errors.StillRunningError | errors.TooManyRequestsError
    fixable = issubclass(error, told)
    assert (400 <= status < 500) == fixable


def test_each_kind_of_problem_has_a_name_of_its_own() -> None:
    slugs = [slug for _, slug, _ in TABLE.values()]
    assert len(slugs) == len(set(slugs))


def test_what_is_not_in_the_table_tells_nothing_of_itself() -> None:
    status, body = problem(RuntimeError("the password is x"))
    assert status == 500
    assert "password" not in str(body)


def test_every_provider_has_abilities_a_file_and_golden_callbacks() -> None:
    assert set(REGISTRY) == set(capabilities())
    for name in REGISTRY:
        assert capabilities()[name].provider == name
        assert build(name, VendorSettings(), None).capabilities == capabilities()[name]
        assert (ROOT / f"layers/core/reprise/providers/{name}.py").exists()
        told = {*capabilities()[name].stages, "error"} if capabilities()[name].rhythm.pushes else set()
        assert {path.stem for path in (EVENTS / "callback" / name).glob("*.json")} == told


@pytest.mark.parametrize(
    "verb", sorted(functions().keys() - {"console", "pages"})
)  # they serve files and decide nothing
def test_a_verb_names_its_function_its_use_case_and_its_wiring(verb: str) -> None:
    from reprise import bootstrap

    assert (ROOT / f"layers/core/reprise/usecases/{verb}.py").exists()
    assert callable(getattr(bootstrap, verb))


@pytest.mark.parametrize(("error", "row"), TABLE.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_a_problem_is_a_name_a_title_and_a_link_to_a_page_that_has_it(
    error: type[Exception], row: tuple[int, str, str]
) -> None:
    one = error.__new__(error)  # what it is about plays no part
    assert explained(one) == f'</docs/problems#{row[1]}>; rel="help"'
    assert f'id="{row[1]}"' in (ROOT / "functions/pages/files/docs/problems.html").read_text()


# --- why jobs fail -------------------------------------------------------------------------------------------------


def failures() -> list[tuple[str, str]]:
    """Where a Failure is made, and what is written as its reason."""
    return [
        (f"{path.name}:{node.lineno}", ast.unparse(node.args[0]))
        for path in sorted((ROOT / "layers/core/reprise").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Failure"
    ]


def test_a_job_fails_for_a_provider_s_class_of_error_or_a_reason_of_ours() -> None:
    made = failures()
    assert len(made) > 5
    known = re.compile(r"(OwnReason|ErrorClass)\.[A-Z_]+|error\.kind")
    assert [one for one in made if not known.fullmatch(one[1])] == []


def test_each_reason_of_ours_is_given_somewhere() -> None:
    given = {reason.removeprefix("OwnReason.") for _, reason in failures()}
    assert {one.name for one in OwnReason} <= given


def test_the_api_tells_all_reasons() -> None:
    """The type that answers and events are held to, and the schema that is made of it."""
    told = {*get_args(FailureReason)}
    assert told == {ErrorClass, OwnReason}
    schemas = json.loads(FILE.read_text())["components"]["schemas"]
    enums = {value for name in ("ErrorClass", "OwnReason") for value in schemas[name]["enum"]}
    assert enums == {*ErrorClass, *OwnReason}


def test_the_console_has_words_for_every_reason() -> None:
    """But for `ambiguous`, which no job ends with: it becomes submit-unknown."""
    table = (ROOT / "console/src/failure.ts").read_text().partition("ADVICE: Record")[2].partition("\n};")[0]
    assert set(re.findall(r'^  "?([a-z-]+)"?: ', table, re.M)) == {*ErrorClass, *OwnReason} - {ErrorClass.AMBIGUOUS}
