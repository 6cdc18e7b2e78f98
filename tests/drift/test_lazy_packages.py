"""The dependencies' layer has packages that import what is asked for (layers/dependencies/lazy.py): the names stay."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import aws_lambda_powertools
import pytest

from tests.template import ROOT

LAZY = ROOT / "layers" / "dependencies" / "lazy.py"
PACKAGES = ("event_handler", "event_handler.openapi", "utilities.data_classes")
EVERY_NAME = """
import importlib
for package in {packages}:
    module = importlib.import_module("aws_lambda_powertools." + package)
    for name in sorted(module.__all__):
        print(package, name, getattr(module, name).__module__, getattr(module, name).__qualname__)
"""
ROUTES = "import sys, aws_lambda_powertools.event_handler as it; it.APIGatewayHttpResolver(); print(*sys.modules)"


def printed(code: str, first: Path | str = "") -> str:
    here = {**os.environ, "PYTHONPATH": str(first)}
    done = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("layer")
    shutil.copytree(Path(aws_lambda_powertools.__file__).parent, place / "aws_lambda_powertools")
    subprocess.run([sys.executable, str(LAZY), str(place)], check=True)
    return place


def test_every_name_leads_to_the_same_thing_as_before(layer: Path) -> None:
    code = EVERY_NAME.format(packages=PACKAGES)
    assert printed(code, layer) == printed(code)
    assert printed("import aws_lambda_powertools as it; print(it.__file__)", layer).startswith(str(layer))


def test_routes_bring_neither_asyncio_nor_events_of_other_services(layer: Path) -> None:
    unasked = {"asyncio", "aws_lambda_powertools.event_handler.appsync"}
    unasked |= {"aws_lambda_powertools.utilities.data_classes.kafka_event"}
    assert unasked <= set(printed(ROUTES).split())
    assert not unasked & set(printed(ROUTES, layer).split())


def test_a_name_that_is_not_there_is_missed_as_ever(layer: Path) -> None:
    code = "import aws_lambda_powertools.event_handler as it; print(hasattr(it, 'Response'), hasattr(it, 'Nothing'))"
    assert printed(code, layer).split() == ["True", "False"]


def test_a_file_that_an_installer_shares_with_its_cache_stays_as_it_was_there(tmp_path: Path) -> None:
    """uv links what it installs to its cache, and so to every other environment."""
    shutil.copytree(Path(aws_lambda_powertools.__file__).parent, tmp_path / "aws_lambda_powertools")
    init = tmp_path / "aws_lambda_powertools" / "event_handler" / "__init__.py"
    shared, before = tmp_path / "shared.py", init.read_text()
    shared.hardlink_to(init)
    subprocess.run([sys.executable, str(LAZY), str(tmp_path)], check=True)
    assert shared.read_text() == before != init.read_text()


@pytest.mark.parametrize("more", ["print('loaded')", "import os", "if True:\n    from os import sep"])
def test_a_package_that_does_more_than_name_is_not_touched(tmp_path: Path, more: str) -> None:
    """A new release of Powertools may: the build fails, and somebody looks."""
    inits = [tmp_path / "aws_lambda_powertools" / package.replace(".", "/") / "__init__.py" for package in PACKAGES]
    for init in inits:
        init.parent.mkdir(parents=True, exist_ok=True)
        init.write_text("from os import path\n")
    inits[0].write_text(f"from os import path\n{more}\n")
    done = subprocess.run([sys.executable, str(LAZY), str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot wait" in done.stderr
    assert inits[0].read_text().endswith(f"{more}\n")
