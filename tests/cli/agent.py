"""An agent: the SDK's own client, which starts `reprise mcp` and speaks with it over stdin and stdout."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent, Tool

from tests.template import ROOT

COMMAND = ROOT / ".venv/bin/reprise"


@dataclass(frozen=True)
class Agent:
    portal: BlockingPortal
    client: Client

    def tools(self) -> dict[str, Tool]:
        return {tool.name: tool for tool in self.portal.call(self.client.list_tools).tools}

    def call(
        self, tool: str, /, told: list[tuple[float, str | None]] | None = None, **arguments: Any
    ) -> CallToolResult:
        """`told` gets the notifications of progress."""

        async def hear(progress: float, total: float | None, message: str | None) -> None:
            if told is not None:
                told.append((progress, message))

        return self.portal.call(partial(self.client.call_tool, tool, arguments, progress_callback=hear))

    def ask(self, tool: str, /, told: list[tuple[float, str | None]] | None = None, **arguments: Any) -> dict[str, Any]:
        """What came, as the tool's output schema has it."""
        answer = self.call(tool, told, **arguments)
        assert not answer.is_error, answer.content
        assert isinstance(answer.structured_content, dict)
        return answer.structured_content

    def refused(self, tool: str, /, **arguments: Any) -> str:
        answer = self.call(tool, **arguments)
        assert answer.is_error, answer.structured_content
        (words,) = answer.content
        assert isinstance(words, TextContent)
        return words.text


@contextmanager
def agent(environ: Mapping[str, str], folder: Path) -> Iterator[Agent]:
    """What the command says on stderr is in `stderr` of the folder, which is where it works."""
    started = StdioServerParameters(command=str(COMMAND), args=["mcp"], env=dict(environ), cwd=folder)
    with (folder / "stderr").open("a") as stderr, start_blocking_portal() as portal:
        client = Client(stdio_client(started, errlog=stderr))
        with portal.wrap_async_context_manager(client):
            yield Agent(portal, client)
