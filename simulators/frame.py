"""The frame that every vendor's fake stands in: a local server, a clock, a ledger, faults and a control endpoint.

Control, open to anyone who can reach the port:
  GET    /_control/ledger    rows, purchases per job, totals, counters, callbacks, faults injected
  GET    /_control/faults    what is switched on, and every switch there is
  POST   /_control/faults    merge switches (see simulators.faults); unknown ones are refused with 400
  DELETE /_control/faults    back to none
  POST   /_control/reset     faults, ledger and tasks as at the start; running work is abandoned
"""

import functools
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, ClassVar, Self

import httpx

from simulators.clock import Clock, StoppedError
from simulators.faults import Faults, Switch, SwitchError
from simulators.ledger import Ledger
from simulators.studio import Studio
from simulators.wire import Reply, Request, Server, json_reply

Route = Callable[[Request], Reply]


@functools.cache
def _trust() -> ssl.SSLContext:
    """Certificates take longer to load than everything else that a start does."""
    return httpx.create_ssl_context(trust_env=False)


class Simulator:
    """A vendor adds `name`, `routes()` and `fresh()`; a route that ends in a slash serves everything below it."""

    name: ClassVar[str]

    def __init__(
        self, switches: Mapping[str, Switch], *, port: int = 0, pace: float = 1.0, credits: int = 1000
    ) -> None:
        self._port, self._pace, self._credits, self._switches = port, pace, credits, switches
        self._server: Server | None = None
        self._threads: set[threading.Thread] = set()
        self.studio = Studio()
        self._begin()

    @property
    def url(self) -> str:
        assert self._server, "not started"
        return f"http://127.0.0.1:{self._server.server_port}"

    def routes(self) -> dict[tuple[str, str], Route]:
        raise NotImplementedError

    def fresh(self) -> None:
        """Forget everything that is the vendor's own; called at the start and at each reset."""

    def switched(self, name: str, value: Any) -> None:
        """A switch was set to a value, or taken out (None)."""

    def unknown(self, request: Request) -> Reply:
        return json_reply({"error": f"no such endpoint: {request.path}"}, 404)

    def start(self) -> Self:
        self.http = httpx.Client(
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            verify=_trust(),
        )
        self._server = Server(self._port, self._answer)
        self._run(self._server.serve_forever, 0.02)
        return self

    def stop(self) -> None:
        self.clock.stop()
        if self._server:
            self._server.stop()
            self._server = None
            for thread in list(self._threads):
                if thread.ident is not None:  # else it is just being started, by one that is joined
                    thread.join(timeout=5)
            self.http.close()
        self.studio.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def spawn(self, work: Callable[[], None]) -> None:
        """Run work on its own thread; it ends quietly when the simulator does."""

        def quietly() -> None:
            with suppress(StoppedError):
                work()

        self._run(quietly)

    def _run(self, work: Callable[..., None], *args: object) -> None:
        def tracked() -> None:
            try:
                work(*args)
            finally:
                self._threads.discard(thread)

        thread = threading.Thread(target=tracked, daemon=True)
        self._threads.add(thread)
        thread.start()

    def _begin(self) -> None:
        self.clock = Clock(self._pace)
        self.ledger = Ledger(self._credits)
        self.faults = Faults(self._switches)
        self.fresh()

    def _answer(self, request: Request) -> Reply:
        if request.path.startswith("/_control"):
            return self._control(request)
        method = "GET" if request.method == "HEAD" else request.method
        for (wanted, path), route in self.routes().items():
            below = path.endswith("/") and request.path.startswith(path)
            if wanted == method and (below or path == request.path):
                return self._counted(f"{wanted} {path}", route(request))
        return self._counted("unknown", self.unknown(request))

    def _counted(self, route: str, reply: Reply) -> Reply:
        self.ledger.count(route, str(reply.status) if reply.manner == "proper" else str(reply.manner))
        return reply

    def _control(self, request: Request) -> Reply:
        match request.method, request.path.removeprefix("/_control"):
            case "GET", "/ledger":
                return json_reply(self.ledger.view() | {"faults_injected": dict(self.faults.injected)})
            case "GET", "/faults":
                return json_reply(self.faults.view())
            case "POST", "/faults":
                return self._merge(request)
            case "DELETE", "/faults":
                self.faults.clear()
                return json_reply(self.faults.view())
            case "POST", "/reset":
                self.clock.stop()
                self._begin()
                return json_reply({"reset": True})
        return json_reply({"error": "control endpoints: ledger, faults, reset"}, 404)

    def _merge(self, request: Request) -> Reply:
        try:
            merged = self.faults.merge(request.json())
        except SwitchError as error:
            return json_reply({"error": str(error), "known": sorted(self._switches)}, 400)
        except ValueError:
            return json_reply({"error": "the body is not JSON"}, 400)
        for name, value in merged.items():
            self.switched(name, value)
        return json_reply(self.faults.view())
