"""What a function can import: its own folder, the layers it declares in the template, and what Lambda's runtime brings.

Nothing else: workers run without site-packages, so a function that forgot a layer fails here as it would on AWS.
"""

import hashlib
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.errors import LocalError

CACHE = Path(__file__).parent.parent / ".local" / "layers"
RUNTIME_BRINGS = ("awslambdaric", "boto3")  # and what they require
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """One function of the template: where its code is and which layer folders it declares."""

    name: str
    code: Path
    handler: str
    layers: tuple[Path, ...]


def sources(sam: Document, root: Path) -> dict[str, Source]:
    """The template's functions by logical id. Layers of Globals and of the function add up, as SAM does it."""
    shared = sam.get("Globals", {}).get("Function", {})
    found = {}
    for name, resource in sam["Resources"].items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        own = resource["Properties"]
        names = [layer["Ref"] for layer in (*shared.get("Layers", ()), *own.get("Layers", ()))]
        folders = tuple(root / sam["Resources"][layer]["Properties"]["ContentUri"] for layer in names)
        found[name] = Source(name, root / own["CodeUri"], own.get("Handler") or shared["Handler"], folders)
    return found


def import_path(source: Source) -> list[Path]:
    """In Lambda's order: the function, its layers, the runtime."""
    return [source.code, *(layer_path(layer) for layer in source.layers), runtime_path()]


def layer_path(folder: Path) -> Path:
    """Requirements are installed once, for this machine (the deployed layer is arm64); code is used as it is."""
    if not folder.is_dir():
        raise LocalError(f"There is no layer folder {folder}.", "correct ContentUri in template.yaml")
    requirements = folder / "requirements.txt"
    if not requirements.is_file():
        return folder / "python" if (folder / "python").is_dir() else folder
    marks = requirements.read_bytes() + sys.version.encode() + sys.platform.encode()
    target = CACHE / f"{folder.name}-{hashlib.sha256(marks).hexdigest()[:12]}"
    if not target.is_dir():
        _install(requirements, target)
    return target


def runtime_path() -> Path:
    """Links to just those packages of our environment that AWS's managed runtime has: the runtime client and boto3."""
    names = sorted(_closure(RUNTIME_BRINGS))
    versions = " ".join(f"{name}={importlib.metadata.version(name)}" for name in names) + sys.executable
    target = CACHE / f"runtime-{hashlib.sha256(versions.encode()).hexdigest()[:12]}"
    if not target.is_dir():
        part = _fresh()
        for name in names:
            for item in _top_level(name):
                (part / item.name).symlink_to(item)
        _move(part, target)
    return target


def _install(requirements: Path, target: Path) -> None:
    """By uv; by pip where only pip is told how to reach a registry."""
    part, log = _fresh(), CACHE / "install.log"
    what = ["--quiet", "--require-hashes", "--no-deps", "--target", str(part), "-r", str(requirements)]
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    by_uv = [[uv, "pip", "install", "--compile-bytecode", "--python", sys.executable]] if uv else []
    with log.open("wb") as sink:
        for command in (*by_uv, [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]):
            done = subprocess.run([*command, *what], stdout=sink, stderr=sink, stdin=subprocess.DEVNULL, check=False)
            if done.returncode == 0:
                _move(part, target)
                return
    shutil.rmtree(part, ignore_errors=True)
    raise LocalError(
        f"The packages of {requirements} could not be installed.",
        "see the log: the package index out of reach, or a hash that no longer fits (`make lock`)",
        log,
    )


def _fresh() -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="new-", dir=CACHE))


def _move(part: Path, target: Path) -> None:
    """All or nothing, and the first of two at once wins."""
    try:
        part.rename(target)
    except OSError:
        shutil.rmtree(part)
        if not target.is_dir():
            raise


def _closure(roots: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    todo = list(roots)
    while todo:
        name = todo.pop().lower()
        try:
            requires = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError as error:
            raise LocalError(f"The package {name} is not installed.", "`make demo` and `make up` install it") from error
        found.add(name)
        needed = (re.match(r"[\w.-]+", entry) for entry in requires if "extra ==" not in entry)
        todo += [match[0] for match in needed if match and match[0].lower() not in found]
    return found


def _top_level(distribution: str) -> list[Path]:
    files = importlib.metadata.files(distribution) or []
    here = {file.parts[0] for file in files if not file.parts[0].startswith(("..", "__pycache__"))}
    site = Path(str(importlib.metadata.distribution(distribution).locate_file("")))
    return [site / name for name in sorted(here)]
