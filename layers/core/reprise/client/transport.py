"""One request, and again where that is safe: a POST that might buy twice is never repeated by guess.

Repeated are, at most MOST_TRIES times in all: requests that never left (no connection), 429, and our own 503 and 409
`still-running`, by which nothing was done; and whatever was lost on its way back if the request is `repeatable`, that
is, changes nothing the second time.
"""

import random
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from reprise.client.errors import UnreachableError, WrongUsageError, of_problem

MOST_TRIES = 5
FIRST_PAUSE = 0.5
MOST_PAUSE = 60.0
"""Seconds; a minute is how long a key with spent requests has to wait at most."""
ANSWER_SECONDS = 40.0
"""API Gateway gives up after 30."""
MOST_READ = 300
LOST = frozenset({500, 502, 504})
"""Statuses after which it is not known what was done; so are a 503 that is not ours."""
NOTHING_DONE = frozenset({"busy", "still-running", "too-many-requests"})

WHY = {429: "too many requests"}
"""What a pause is for, by the answer's status."""

Sleep = Callable[[float], None]
Told = Callable[[str, float], object]
"""Hears of each pause before it: what it is for, and its seconds."""


class Transport:
    def __init__(
        self, url: str, key: str, http: httpx.Client | None, sleep: Sleep, on_pause: Told | None = None
    ) -> None:
        self.url, self._sleep, self._on_pause = url.rstrip("/"), sleep, on_pause
        self._key = in_header("The API key", key, "give it as `reprise keys create` printed it")
        self.http = http or httpx.Client(timeout=ANSWER_SECONDS, trust_env=not loopback(url))

    def ask(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool = True,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Any answer below 400. Raises ProblemError for others, UnreachableError where none came."""
        named = {"Authorization": f"Bearer {self._key}", **(headers or {})}
        request = self._request(method, path, json, params, named)
        for tries in range(1, MOST_TRIES + 1):
            last = tries == MOST_TRIES
            try:
                answer = self.http.send(request)
            except httpx.TransportError as error:
                if last or not (repeatable or isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)):
                    raise self._unreachable(method, error) from error
                self._pause("no answer", pause(tries))
                continue
            if answer.status_code < 400:
                return answer
            wait = pause(tries, answer.headers.get("Retry-After"))
            if last or wait > MOST_PAUSE or not again(answer, repeatable):
                raise _refused(answer)
            self._pause(WHY.get(answer.status_code, "the stack is busy"), wait)
        raise AssertionError("the last try returns or raises")

    def json(self, method: str, path: str, **asked: Any) -> Any:
        """The answer's object. Raises UnreachableError where it is none, beside what `ask` raises."""
        return read(self.ask(method, path, **asked))

    def _pause(self, why: str, seconds: float) -> None:
        if self._on_pause:
            self._on_pause(why, seconds)
        self._sleep(seconds)

    def _request(self, method: str, path: str, json: Any, params: Any, headers: Mapping[str, str]) -> httpx.Request:
        try:
            return self.http.build_request(method, self.url + path, json=json, params=params, headers=headers)
        except (TypeError, ValueError) as error:
            raise WrongUsageError(
                f"What was given is no JSON: {error}; nothing was sent", "give text and finite numbers"
            ) from error

    def _unreachable(self, method: str, error: httpx.TransportError) -> UnreachableError:
        never_left = method == "GET" or isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        mend = "" if never_left else "; it may have been done all the same: look before you ask again"
        said = str(error) or type(error).__name__
        return UnreachableError(f"{self.url} gave no answer: {said}", f"check the address and the connection{mend}")


def in_header(what: str, value: str | None, mend: str) -> str:
    """Without blanks and line breaks around it. What cannot stand in a header is refused, and not told: it may be a
    secret. Raises WrongUsageError."""
    plain = (value or "").strip()
    if plain and plain.isascii() and plain.isprintable():
        return plain
    why = "has characters that no header takes" if plain else "is empty"
    raise WrongUsageError(f"{what} {why}; nothing was sent", mend)


def read(answer: httpx.Response) -> Any:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _stranger(answer)
    return found


def again(answer: httpx.Response, repeatable: bool) -> bool:
    if _slug(answer) in NOTHING_DONE or answer.status_code == 429:
        return True
    lost = answer.status_code in LOST or (answer.status_code == 503 and not _slug(answer))
    return repeatable and lost


def pause(tries: int, told: str | None = None) -> float:
    """Seconds before the next try: what the answer says, else longer each time and never the same for all."""
    if told and told.isdigit():
        return float(told)
    return FIRST_PAUSE * float(2 ** (tries - 1)) * random.uniform(0.75, 1.25)  # noqa: S311 - spreads, hides nothing


def loopback(url: str) -> bool:
    return (urlsplit(url).hostname or "") in ("127.0.0.1", "localhost", "::1")


def _slug(answer: httpx.Response) -> str:
    return str(_problem(answer).get("type", "")).rpartition(":")[2]


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) and {"type", "title", "status"} <= found.keys() else {}


def _refused(answer: httpx.Response) -> Exception:
    problem: Any = _problem(answer)
    return of_problem(problem) if problem else _stranger(answer)


def _stranger(answer: httpx.Response) -> UnreachableError:
    said = " ".join(answer.text[:MOST_READ].split())
    what = f"{answer.request.url.host} answered {answer.status_code}, not as a Reprise does: {said}"
    return UnreachableError(what.rstrip(": "), "check the address: it is the stack's ApiUrl")
