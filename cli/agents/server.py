"""The server: three tools, arguments that are held to, and errors of one line each."""

import inspect
from collections.abc import Callable
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import ValidationError
from reprise.client import ApiError

from cli.agents.tools import Tools
from local.errors import LocalError

INSTRUCTIONS = (
    "Makes AI cover songs with the user's own Reprise stack. Covers cost the user money: look at list_providers or a "
    "dry run of make_cover first, set max_usd, and ask before you order. A cover takes a minute or some: make_cover "
    "answers with an id, get_cover with that id tells how it goes on."
)


class Server(MCPServer[Any]):
    """What nobody's bug is becomes one line that says what to do; all else stays on stderr, with its traceback."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            words = _in_words(error.__cause__)
            if not words:
                raise
            raise ToolError(words) from error.__cause__


def serve(profile: str) -> None:
    """Until stdin ends."""
    server(profile).run("stdio")


def server(profile: str) -> Server:
    """At WARNING, since httpx tells whole URLs at INFO, and some of them open songs and takes."""
    tools = Tools(profile)
    free = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=True)
    paid = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=True)
    made = [
        _tool(tools.make_cover, "Make a cover (costs money)", paid),
        _tool(tools.get_cover, "Look at a cover", free),
        _tool(tools.list_providers, "List providers", free),
    ]
    return Server("reprise", title="Reprise", instructions=INSTRUCTIONS, tools=made, log_level="WARNING")


def _tool(function: Callable[..., Any], title: str, hints: ToolAnnotations) -> Tool:
    """An argument that is none is refused: a misspelled `max_usd` or `dry_run` would be paid for."""
    tool = Tool.from_function(
        function, title=title, description=inspect.getdoc(function), annotations=hints, structured_output=True
    )
    arguments = tool.fn_metadata.arg_model
    arguments.model_config["extra"] = "forbid"
    arguments.model_rebuild(force=True)
    tool.parameters = arguments.model_json_schema(by_alias=True)
    return tool


def _in_words(cause: BaseException | None) -> str:
    if isinstance(cause, ApiError):
        words = f"{cause}. To mend it: {cause.mend}"
    elif isinstance(cause, LocalError):
        words = str(cause)
    elif isinstance(cause, ValidationError):
        words = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in cause.errors())
    else:
        words = ""
    return " ".join(words.split())
