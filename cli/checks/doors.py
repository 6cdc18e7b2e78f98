"""Can the API, and the door of the callbacks, be reached where providers and callers knock? Asked from here."""

import ssl
import time
from collections.abc import Iterator
from typing import Any

import httpx

from cli.finding import Finding, fail, ok
from cli.target import Target

KIND = "urn:reprise:problem:"
FORGED = "/callbacks/kie/" + "0" * 32 + "/1/{expiry}.forged-by-the-doctor"
"""No callback that anybody asked for. It is refused before anything is read, and counts as a refused one."""


def api(target: Target) -> Finding:
    """Without a key, the API has to say so in its own words."""
    base = public_url(target)
    return _knock(target, "GET", f"{base}/v1/covers", "unauthenticated", "the API", "doors-failing")


def callbacks(target: Target) -> Finding:
    """A forged token has to be refused by our own function: what else answers is not us."""
    path = FORGED.format(expiry=int(time.time()) + 60)
    url = public_url(target) + path
    return _knock(target, "POST", url, "forged-callback", "the door of the callbacks", "callbacks-failing")


def public_url(target: Target) -> str:
    """Base of the links that providers get, without a slash at the end. Raises LookupError where none is set."""
    name = f"{target.settings}/public-url"
    found = target.client("ssm").get_parameters(Names=[name])["Parameters"]
    if not found:
        raise LookupError(f"{name} is not in Parameter Store: deploy the template again")
    return str(found[0]["Value"]).rstrip("/")


def _knock(target: Target, method: str, url: str, kind: str, door: str, runbook: str) -> Finding:
    host = httpx.URL(url).host
    if not (url.startswith("https://") or target.local):
        return fail(f"{door} is at http: providers want https", "deploy with a PublicUrl of https://", runbook)
    try:
        answer = target.http.request(method, url, json={} if method == "POST" else None)
    except httpx.HTTPError as error:
        said, mend = _silence(error, host)
        return fail(f"{door}: {said}", mend, runbook)
    if answer.status_code == 401 and _kind(answer) == KIND + kind:
        return ok(f"{door} answers at {host}")
    said, mend = _other_voice(answer, host)
    return fail(f"{door}: {said}", mend, runbook)


def _silence(error: httpx.HTTPError, host: str) -> tuple[str, str]:
    """Why nobody answered, and what to do."""
    causes = list(_causes(error))
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return f"TLS with {host} fails: {error}", "mend the certificate of the domain, or PublicUrl"
    if isinstance(error, httpx.TimeoutException):
        return f"{host} does not answer in time", "look at the network, then at the function's log"
    if any(type(one).__name__ == "gaierror" for one in causes):
        return f"the name {host} cannot be resolved", "mend the DNS of the domain, or PublicUrl"
    return f"{host} cannot be reached: {error}", "look at the network between here and there, or mend PublicUrl"


def _other_voice(answer: httpx.Response, host: str) -> tuple[str, str]:
    """Who answered in our place, as far as the answer tells."""
    status = answer.status_code
    if answer.is_redirect:
        place = httpx.URL(answer.headers.get("location", "")).host or "another path"
        return f"{host} redirects ({status}) to {place}", "set PublicUrl to where it leads: a POST may get lost there"
    if status >= 500:
        return f"our function fails ({status})", "read its log; a parameter or a right may be missing"
    if status == 404:
        return f"{host} has no such path (404)", "mend PublicUrl, or the base path of the custom domain"
    if status == 403 or "html" in answer.headers.get("content-type", ""):
        return f"a web page or a firewall answers ({status})", "let the path through: WAF, proxy, login page"
    if status == 429:
        return f"{host} throttles (429)", "wait a minute, then look who floods it"
    return f"somebody else answers ({status}, not in our words)", "mend PublicUrl: it leads to another server"


def _kind(answer: httpx.Response) -> str:
    try:
        told: Any = answer.json()
    except ValueError:
        return ""
    return str(told.get("type", "")) if isinstance(told, dict) else ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
