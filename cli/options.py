"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON document on stdout.")]
CoverId = Annotated[str, typer.Argument(metavar="ID", help="From the list.")]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where the takes go.")]
Watch = Annotated[bool, typer.Option("--watch/--no-watch", help="Stay until it is done, or return once it is ordered.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
