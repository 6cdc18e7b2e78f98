"""What the Serverless Application Repository is told of us: its limits, and that it is true."""

import re
import tomllib

import pytest

from tests.template import ROOT, template

TOLD = template()["Metadata"]["AWS::ServerlessRepo::Application"]


def test_it_is_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert TOLD["SemanticVersion"] == project["version"]
    assert TOLD["SpdxLicenseId"] == project["license"]


@pytest.mark.parametrize(("name", "most"), [("LicenseUrl", 5 * 2**20), ("ReadmeUrl", 256 * 2**10)])
def test_its_files_are_there_and_not_too_large(name: str, most: int) -> None:
    assert 0 < (ROOT / TOLD[name]).stat().st_size <= most


def test_it_keeps_the_limits_of_the_repository() -> None:
    """https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-template-publishing-applications-metadata-properties.html"""
    assert re.fullmatch(r"[a-zA-Z0-9-]{1,140}", TOLD["Name"])
    assert 1 <= len(TOLD["Description"]) <= 256
    assert re.fullmatch(r"[a-z0-9](([a-z0-9]|-(?!-))*[a-z0-9])?", TOLD["Author"])
    assert 1 <= len(TOLD["Labels"]) <= 10
    assert all(re.fullmatch(r"[a-zA-Z0-9+\-_:/@]{1,127}", label) for label in TOLD["Labels"])
