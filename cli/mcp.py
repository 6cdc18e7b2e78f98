"""`reprise mcp`: lets agents make covers. What it serves is in cli/agents."""

import sys

from cli import show
from cli.profiles import Chosen
from local.errors import LocalError

SDK = ("mcp", "mcp_types")


def mcp(profile: Chosen = "") -> None:
    """Let agents make covers: speaks the Model Context Protocol over stdin and stdout (docs/mcp.md)."""
    try:
        from cli.agents.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in SDK:
            raise
        raise LocalError("The Python package `mcp` is not installed.", "pip install 'mcp>=2.3'") from error
    if sys.stdin.isatty():
        show.note("This is for agents, which start it themselves: docs/mcp.md has their settings. Ctrl-C ends it.")
    serve(profile)
