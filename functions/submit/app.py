"""POST /v1/covers, POST /v1/uploads and the vendors' own submits: a wish becomes a job, and the job one paid call.

202 the job (also when the provider refused it: see its `failure`), or the same job again for a repeated
Idempotency-Key; 4xx nothing was stored or paid for (402: the key's month has no room). `?dry_run=true`: 200 what
each provider would make of the wish.
"""

from dataclasses import replace
from typing import Any

from aws_lambda_powertools.event_handler import Response
from reprise import bootstrap
from reprise.dialects.dialect import Dialect, Knock, Reply
from reprise.dialects.native import parse_cover
from reprise.dialects.queries import dry_run_query
from reprise.dialects.uploads import parse_upload
from reprise.domain.audio import MOST_SOURCE_BYTES
from reprise.domain.key import ApiKey, Scope
from reprise.http import orders, views
from reprise.http.api import answer, caller_of, new_api, resolve
from reprise.http.dialects import claim_of, serve_all

api = new_api()


@api.post("/v1/covers")
def create_cover() -> Response[str]:
    caller, body = caller_of(api, bootstrap.keys(), Scope.SUBMIT), orders.json_body(api)
    claim = orders.claim(api, caller.tenant, body)
    request = parse_cover(body, caller.tenant, bootstrap.settings().allowed_private_networks)
    if dry_run_query(api.current_event.query_string_parameters):
        return answer(200, views.considered(bootstrap.survey().consider(request)))
    done = orders.place(bootstrap.submit(), caller, request, claim, bootstrap.CLOCK.now())
    view = views.cover(done.job, bootstrap.public_url())
    return answer(202, view, location=view["links"]["self"], idempotent_replayed="true" if done.replayed else "")


@api.post("/v1/uploads")
def create_upload() -> Response[str]:
    caller = caller_of(api, bootstrap.keys(), Scope.SUBMIT)
    upload = parse_upload(orders.json_body(api), caller.tenant, bootstrap.new_id())
    ticket = bootstrap.inbox().offer(upload.key, upload.content_type, MOST_SOURCE_BYTES, bootstrap.CLOCK.now())
    return answer(201, views.upload(upload.id, ticket, MOST_SOURCE_BYTES))


def create_from(dialect: Dialect, knock: Knock, caller: ApiKey) -> Reply:
    wish = orders.routed(knock, dialect.parse(replace(knock, limits=bootstrap.limits(dialect.name)), caller.tenant))
    wish = orders.admissible(wish, bootstrap.settings().allowed_private_networks)
    request = orders.with_song(wish, caller.tenant, bootstrap.inbox(), bootstrap.new_id)
    claim = claim_of(knock, caller.tenant, wish)
    done = orders.place(bootstrap.submit(), caller, request, claim, bootstrap.CLOCK.now())
    return dialect.accepted(done.job)


serve_all(api, bootstrap.dialects(), "POST", "submits", bootstrap.keys, create_from)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return resolve(api, event, context)
