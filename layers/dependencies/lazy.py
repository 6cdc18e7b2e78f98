"""Packages that import all they have, made to import what is asked for: `python lazy.py <folder of the wheels>`.

The `__init__` of Powertools' routes imports AppSync's too, and with them asyncio; that of its events the classes of
forty services. All their names stay: each brings its module with its first use (PEP 562).
"""

import ast
import sys
from pathlib import Path

PACKAGES = ("event_handler", "event_handler/openapi", "utilities/data_classes")
"""Of aws_lambda_powertools."""

BY_NEED = """
def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_MODULES[name], __name__), name)
    return value
"""


def lazy(init: Path) -> None:
    """Raises SystemExit where it does more than import names and list them."""
    modules: dict[str, str] = {}
    kept: list[ast.stmt] = []
    for one in ast.parse(init.read_text()).body:
        match one:
            case ast.ImportFrom(module=str(module)) if _can_wait(one):
                modules |= {alias.name: "." * one.level + module for alias in one.names}
            case ast.ImportFrom() | ast.Assign() | ast.Expr(ast.Constant()):
                kept.append(one)
            case _:
                raise SystemExit(f"{init}, line {one.lineno}: this is more than names, and cannot wait")
    init.unlink()  # an installer's cache, and whatever was installed from it, may share the file
    init.write_text(f"{ast.unparse(ast.Module(kept, []))}\n_MODULES = {modules!r}\n{BY_NEED}")


def _can_wait(one: ast.ImportFrom) -> bool:
    """Not where a name is its module's too: who imports the module first would find that under the name."""
    last = (one.module or "").rpartition(".")[2]
    return not any(alias.asname or alias.name == last for alias in one.names)


if __name__ == "__main__":
    for package in PACKAGES:
        lazy(Path(sys.argv[1], "aws_lambda_powertools", package, "__init__.py"))
