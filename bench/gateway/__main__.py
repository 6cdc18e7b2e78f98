"""`python -m bench.gateway [--only name]`: measures, prints the table, writes RESULTS.md. `--only` writes nothing."""

import argparse
import importlib
import sys
import time
import traceback
from pathlib import Path

from bench.gateway.page import page, table
from bench.gateway.row import Row

FOLDER = Path(__file__).parent.parent
BENCHES = ("cold_start", "warm", "router", "calls", "cost", "transfer", "reads", "callbacks", "hop")
"""Modules of this package with `rows() -> list[Row]`, in the order of the page."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.gateway", description=__doc__)
    parser.add_argument("--only", choices=BENCHES, help="one of them; the page stays as it is")
    only = parser.parse_args().only
    began, rows, failed = time.monotonic(), list[Row](), list[str]()
    for name in [only] if only else BENCHES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            rows += importlib.import_module(f"bench.gateway.{name}").rows()
        except Exception:  # the others are worth having; the page says which one is not there
            traceback.print_exc()
            failed.append(name)
    print(table(rows))
    if not only:
        (FOLDER / "RESULTS.md").write_text(page(rows, time.monotonic() - began, FOLDER / "pictures", failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
