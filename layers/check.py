"""Whether Lambda will really load the bytecode that `make build` made, and whether a second build makes the same bytes.

`python3.13 layers/check.py .aws-sam/build`. Raises SystemExit naming what is wrong.
"""

import hashlib
import importlib.util
import marshal
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
LAYERS = {"core": "CoreLayer", "dependencies": "DependenciesLayer", "media": "MediaLayer"}
UNCHECKED = 1
"""The flags of hash-based bytecode that is believed without a look at its source (PEP 552)."""

IMPORTED = ("callback", "poller", "dispatch", "read")
"""They load no C extension of ours, so what is built for arm64 can be imported anywhere."""

BROKEN = "raise SystemExit('the source was compiled')\n"
ONLY_WHAT_IS_NEEDED = "import sys, app; sys.exit('asyncio is imported' if 'asyncio' in sys.modules else 0)"
"""Powertools' routes bring it along unless they were made to wait (lazy.py)."""


def without_bytecode(folder: Path, place: str) -> Iterator[str]:
    """Sources whose bytecode is missing, stale, of another kind, or names another place than that on Lambda."""
    for source in sorted(folder.rglob("*.py")):
        compiled = Path(importlib.util.cache_from_source(str(source)))
        content = compiled.read_bytes() if compiled.exists() else bytes(16)
        flags, fingerprint = int.from_bytes(content[4:8], "little"), content[8:16]
        if flags != UNCHECKED or fingerprint != importlib.util.source_hash(source.read_bytes()):
            yield str(source)
        elif marshal.loads(content[16:]).co_filename != f"{place}/{source.relative_to(folder)}":  # noqa: S302 - ours
            yield f"{source} (the name inside)"


def imports_without_sources(build: Path, verb: str) -> None:
    """With every source broken, a function comes up only if nothing is ever compiled."""
    parts = [f"{verb.capitalize()}Function", "CoreLayer/python", "DependenciesLayer/python"]
    with tempfile.TemporaryDirectory() as scratch:
        path = [shutil.copytree(build / part, Path(scratch, str(number))) for number, part in enumerate(parts)]
        for source in Path(scratch).rglob("*.py"):
            source.write_text(BROKEN)
        here = {"PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-S", "-c", ONLY_WHAT_IS_NEEDED]
        done = subprocess.run(command, env=here, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{verb}: its bytecode is not what is loaded, or not that alone:\n{done.stderr}")


def authorities(certifi: Path) -> None:
    """As many files as the list has certificates: who is left out would be trusted no more."""
    listed = (certifi / "cacert.pem").read_text().count("-----BEGIN CERTIFICATE-----")
    found = len(list((certifi / "authorities").iterdir()))
    if found != listed:
        raise SystemExit(f"{listed} authorities are in certifi's list, {found} in the layer's folder")


def digest(folder: Path) -> str:
    """Of all names, modes and contents."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(f"{path.relative_to(folder)} {path.stat().st_mode:o} {path.stat().st_size}\n".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def built_again(layer: str) -> str:
    """The digest of a layer that is built once more, elsewhere."""
    with tempfile.TemporaryDirectory() as scratch:
        make = ["make", "-s", "-C", str(ROOT / "layers" / layer), f"build-{LAYERS[layer]}"]
        subprocess.run([*make, f"ARTIFACTS_DIR={scratch}", f"PYTHON313={sys.executable}"], check=True)
        return digest(Path(scratch))


def check(build: Path) -> None:
    functions = [(path, "/var/task") for path in sorted(build.glob("*Function"))]
    layers = [(build / name / "python", "/opt/python") for name in LAYERS.values()]
    wrong = [one for folder, place in [*functions, *layers] for one in without_bytecode(folder, place)]
    if wrong or not functions:
        raise SystemExit("no bytecode that Lambda can use for: " + ", ".join(wrong or ["any function"]))
    for verb in IMPORTED:
        imports_without_sources(build, verb)
    authorities(build / LAYERS["dependencies"] / "python" / "certifi")
    changing = [layer for layer, name in LAYERS.items() if built_again(layer) != digest(build / name)]
    if changing:
        raise SystemExit(f"built twice, these layers differ: {', '.join(changing)}")
    print(f"{len(functions)} functions and {len(layers)} layers: bytecode is loaded, a second build is the same")


if __name__ == "__main__":
    check(Path(sys.argv[1]))
