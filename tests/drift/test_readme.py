"""The README is short, and the rows that it shows are those of the pages behind it, as what prints them names them."""

import ast
import re
from pathlib import Path

import pytest

from tests.template import ROOT

README = (ROOT / "README.md").read_text()
MOST_LINES = 200
REPORTS = {
    "simulation": (ROOT / "tests/simulation/report.py", "| run | |"),
    "storm": (ROOT / "tests/e2e/storm/report.py", "| storm | |"),
}


def rows(text: str, head: str) -> dict[str, str]:
    """Name -> value, of the table with that head."""
    table = text.partition(f"{head}\n")[2].partition("\n\n")[0]
    return dict(re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.M))


def printed(report: Path) -> list[str]:
    """The names of the rows that `_run` always yields, as they stand there."""
    (run,) = (
        one for one in ast.parse(report.read_text()).body if isinstance(one, ast.FunctionDef) and one.name == "_run"
    )
    always = [one for part in run.body if not isinstance(part, ast.If) for one in ast.walk(part)]
    yields = sorted((one for one in always if isinstance(one, ast.Yield)), key=lambda one: one.lineno)
    names = [one.value.elts[0] for one in yields if isinstance(one.value, ast.Tuple)]
    return [one.value for one in names if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def test_the_readme_can_be_read_in_one_go() -> None:
    lines = README.splitlines()
    assert len(lines) <= MOST_LINES
    first = [
        README.index(title) for title in ("## A first cover", "## Your vendor's client", "## Deploy", "make simulate")
    ]
    assert first == sorted(first)


def test_the_readme_s_rows_are_those_of_the_simulation_s_page() -> None:
    shown, whole = rows(README, "| run | |"), rows((ROOT / "docs/simulation.md").read_text(), "| run | |")
    assert len(shown) == 10
    assert shown.items() <= whole.items()
    assert (shown["jobs lost"], shown["paid twice"], shown["... missing"]) == ("0", "0", "0")


@pytest.mark.parametrize("page", REPORTS)
def test_a_page_shows_all_rows_that_are_printed_in_their_order(page: str) -> None:
    report, head = REPORTS[page]
    shown = [name for name in rows((ROOT / f"docs/{page}.md").read_text(), head) if not name.startswith("... failed: ")]
    names = printed(report)
    assert len(names) > 10
    assert [name for name in shown if name in names] == names


@pytest.mark.parametrize("run", ["## A run of ten thousand", "## A run of a million"])
def test_the_money_of_the_page_adds_up(run: str) -> None:
    told = (ROOT / "docs/simulation.md").read_text().partition(run)[2].partition("\n## ")[0]
    table = told.partition("| USD | estimated")[2]
    sums = [
        [float(one) for one in row]
        for row in re.findall(r"^\| \w+ \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|", table, re.M)
    ]
    assert len(sums) == 5
    for estimated, charged, refunded, still_open in sums:
        assert estimated == pytest.approx(charged + refunded + still_open, abs=0.011)
