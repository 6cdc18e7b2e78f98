"""POST /v1/covers, POST /v1/uploads and the vendors' own submits: a wish becomes a job, and the job one paid call.

202 the job (also when the provider refused it: see its `failure`), or the same job again for a repeated
Idempotency-Key; 4xx nothing was stored or paid for. `?dry_run=true`: 200 what each provider would make of the wish.
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
from reprise.http import orders, views
from reprise.http.api import answer, new_api, resolve, tenant_of
from reprise.http.dialects import claim_of, serve_all

api = new_api()


@api.post("/v1/covers")
def create_cover() -> Response[str]:
    tenant, body = tenant_of(api, bootstrap.keys()), orders.json_body(api)
    claim = orders.claim(api, tenant, body)
    request = parse_cover(body, tenant, bootstrap.settings().allowed_private_networks)
    if dry_run_query(api.current_event.query_string_parameters):
        return answer(200, views.considered(bootstrap.survey().consider(request)))
    done = orders.place(bootstrap.submit(), tenant, request, claim)
    view = views.cover(done.job, bootstrap.public_url())
    return answer(202, view, location=view["links"]["self"], idempotent_replayed="true" if done.replayed else "")


@api.post("/v1/uploads")
def create_upload() -> Response[str]:
    upload = parse_upload(orders.json_body(api), tenant_of(api, bootstrap.keys()), bootstrap.new_id())
    ticket = bootstrap.inbox().offer(upload.key, upload.content_type, MOST_SOURCE_BYTES, bootstrap.CLOCK.now())
    return answer(201, views.upload(upload.id, ticket, MOST_SOURCE_BYTES))


def create_from(dialect: Dialect, knock: Knock, tenant: str) -> Reply:
    wish = orders.routed(knock, dialect.parse(replace(knock, limits=bootstrap.limits(dialect.name)), tenant))
    wish = orders.admissible(wish, bootstrap.settings().allowed_private_networks)
    request = orders.with_song(wish, tenant, bootstrap.inbox(), bootstrap.new_id)
    return dialect.accepted(orders.place(bootstrap.submit(), tenant, request, claim_of(knock, tenant, wish)).job)


serve_all(api, bootstrap.dialects(), "POST", "submits", bootstrap.keys, create_from)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return resolve(api, event, context)
