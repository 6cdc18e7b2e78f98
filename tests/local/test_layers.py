"""What functions can import."""

from pathlib import Path

import pytest

from local import layers
from local.errors import LocalError
from local.layers import Source, import_path, layer_path, runtime_path, sources
from local.localize import read_template
from local.stack import ROOT


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(layers, "CACHE", tmp_path / "layers")
    return tmp_path / "layers"


def test_every_function_of_the_template_has_its_folder_and_its_layers() -> None:
    found = sources(read_template(ROOT / "template.yaml"), ROOT)
    assert {source.code.name for source in found.values()} == {path.name for path in (ROOT / "functions").iterdir()}
    assert [layer.name for layer in found["TransferFunction"].layers] == ["dependencies", "core", "media"]
    assert [layer.name for layer in found["ReadFunction"].layers] == ["dependencies", "core"]


def test_a_layer_of_code_is_used_where_it_is(tmp_path: Path) -> None:
    assert layer_path(tmp_path) == tmp_path


def test_a_layer_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="no layer folder"):
        layer_path(tmp_path / "absent")


def test_the_runtime_has_boto3_and_the_runtime_client_and_nothing_of_ours(cache: Path) -> None:
    names = {path.name for path in runtime_path().iterdir()}
    assert {"awslambdaric", "boto3", "botocore", "urllib3"} <= names
    assert not {"httpx", "pydantic", "ministack", "pytest"} & names


def test_the_order_is_that_of_lambda(cache: Path, tmp_path: Path) -> None:
    source = Source("F", tmp_path / "code", "app.handler", (tmp_path,))
    assert import_path(source) == [tmp_path / "code", tmp_path, runtime_path()]


def test_packages_that_cannot_be_installed_are_an_error_with_the_log(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("no-such-package @ file:///nowhere/no_such_package-1-py3-none-any.whl\n")
    with pytest.raises(LocalError, match="could not be installed") as caught:
        layer_path(tmp_path)
    assert "The end of" in str(caught.value)
    assert [path.name for path in cache.iterdir()] == ["install.log"]
