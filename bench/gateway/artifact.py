"""The artifact that `make build` makes for Lambda, made for this machine: the same recipes, another platform's wheels.

Beside it what Lambda's runtime brings: boto3 as it is pinned for development, with bytecode of the same kind.
"""

import importlib.metadata
import os
import platform
import shutil
import subprocess
from functools import cache
from pathlib import Path

from local.layers import runtime_path

ROOT = Path(__file__).parent.parent.parent
PLACE = ROOT / "build" / "gateway"
LAYERS = {"dependencies": "DependenciesLayer", "core": "CoreLayer", "media": "MediaLayer"}
WITH_MEDIA = ("submit", "transfer", "upload")
VERBS = tuple(sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py")))


@cache
def python() -> str:
    """The deployed runtime's own version. Raises RuntimeError where there is none."""
    found = [*map(str, sorted(Path.home().glob(".pyenv/versions/3.13.*/bin/python"))), shutil.which("python3.13")]
    for one in filter(None, found):
        if subprocess.run([one, "-c", "pass"], check=False).returncode == 0:  # noqa: S603 - a shim may lead nowhere
            return one
    raise RuntimeError("Lambda runs python3.13, and none was found here")


@cache
def built() -> Path:
    """Made anew: sources may have changed. Raises CalledProcessError."""
    shutil.rmtree(PLACE, ignore_errors=True)
    for folder, layer in LAYERS.items():
        _make(ROOT / "layers" / folder, PLACE / folder, layer)
    for verb in VERBS:
        _make(ROOT / "functions" / verb, PLACE / verb, f"{verb.capitalize()}Function")
    shutil.copytree(runtime_path(), PLACE / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    compiled = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(PLACE / "runtime")]
    subprocess.run([python(), *compiled], check=True)  # noqa: S603 - our own
    return PLACE


def path_of(verb: str) -> str:
    """PYTHONPATH in Lambda's order: the function, its layers, the runtime."""
    layers = [built() / folder / "python" for folder in LAYERS if folder != "media" or verb in WITH_MEDIA]
    return os.pathsep.join(map(str, [built() / verb, *layers, built() / "runtime"]))


def runtime_versions() -> str:
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("boto3", "botocore"))


def _make(folder: Path, target: Path, name: str) -> None:
    target.mkdir(parents=True)
    wheels = {"x86_64": "x86_64", "AMD64": "x86_64"}.get(platform.machine(), "aarch64")
    here = {"PYTHON313": python(), "PLATFORM": f"{wheels}-manylinux_2_28", "UV": str(ROOT / ".venv/bin/uv")}
    command = ["make", "-s", "-C", str(folder), f"build-{name}", f"ARTIFACTS_DIR={target}"]
    subprocess.run([*command, *(f"{key}={value}" for key, value in here.items())], check=True)  # noqa: S603 - our own
