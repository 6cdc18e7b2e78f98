"""GETs with read-only rights: covers, their papers, vendors' status calls, the document. Audio is 302 to a link."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from reprise import bootstrap
from reprise.dialects.dialect import Dialect, Knock, Reply
from reprise.dialects.queries import list_query, number_of, wait_query
from reprise.domain.key import ApiKey, Scope
from reprise.http import openapi, usage, views, webhook_views
from reprise.http.api import READ, answer, elsewhere, known_version, new_api, resolve, tenant_with, versioned
from reprise.http.dialects import serve_all
from reprise.logs import found

api = new_api(openapi.stray)
reader = tenant_with(api, bootstrap.keys, Scope.READ)


@api.get("/v1/covers")
def list_covers() -> Response[str]:
    page = bootstrap.read().page(reader(), *list_query(api.current_event.query_string_parameters))
    return answer(200, views.page(page, bootstrap.public_url()))


@api.get("/v1/covers/<job_id>")
def read_cover(job_id: str) -> Response[str]:
    known = known_version(api)
    job = bootstrap.read().cover(reader(), job_id, wait_query(api.current_event.query_string_parameters), known)
    return versioned(job.version, known, lambda: views.cover(job, bootstrap.public_url()))


@api.get("/v1/covers/<job_id>/timeline")
def read_timeline(job_id: str) -> Response[str]:
    return answer(200, views.timeline(job_id, bootstrap.read().timeline(reader(), job_id)))


@api.get("/v1/covers/<job_id>/deliveries")
def read_deliveries(job_id: str) -> Response[str]:
    told = bootstrap.redeliver().delivered(reader(), job_id)
    return answer(200, webhook_views.deliveries(told, bootstrap.public_url()))


@api.get("/v1/covers/<job_id>/tracks/<number>/audio")
def read_audio(job_id: str, number: str) -> Response[str]:
    return elsewhere(bootstrap.read().audio(reader(), job_id, number_of(number)))


@api.get("/v1/covers/<job_id>/source")
def read_source(job_id: str) -> Response[str]:
    return elsewhere(bootstrap.read().source(reader(), job_id))


@api.route("/audio/<job_id>/<audio_key>/<file>", READ)
def read_public_audio(job_id: str, audio_key: str, file: str) -> Response[str]:
    number, method = number_of(file.partition(".")[0]), api.current_event.http_method
    return elsewhere(bootstrap.read().public_audio(job_id, audio_key, number, method))


def status(dialect: Dialect, knock: Knock, caller: ApiKey) -> Reply:
    job = bootstrap.read().cover(caller.tenant, found(dialect.job_id(knock.query)))
    return dialect.status(job, bootstrap.audio_link)


usage.serve(api, bootstrap.keys, bootstrap.add_up)
openapi.serve(api, bootstrap.public_url)
serve_all(api, bootstrap.dialects(), "GET", "statuses", bootstrap.keys, status)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return resolve(api, event, context)
