"""POST /v1/covers and POST /v1/uploads: a wish becomes a job, and the job one paid call.

202 the job (also when the provider refused it: see its `failure`), or the same job again for a repeated
Idempotency-Key; 4xx nothing was stored or paid for.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from reprise import bootstrap
from reprise.dialects.native import fingerprint, parse_body, parse_cover
from reprise.dialects.uploads import parse_upload
from reprise.domain.audio import MOST_SOURCE_BYTES
from reprise.http import views
from reprise.http.api import answer, idempotency_key, logger, new_api, raw_body, tenant_of
from reprise.ports import Claim

api = new_api()


@api.post("/v1/covers")
def create_cover() -> Response[str]:
    tenant = tenant_of(api, bootstrap.keys())
    body = parse_body(raw_body(api))
    key = idempotency_key(api)
    claim = Claim(tenant, f"key:{key}", fingerprint(body)) if key else None
    request = parse_cover(body, tenant, bootstrap.settings().allowed_private_networks)
    done = bootstrap.submit()(tenant, request, claim)
    if done.trouble:
        logger.error("stored, but not known to be submitted", exc_info=done.trouble, job=done.job.id)
    view = views.cover(done.job, bootstrap.public_url())
    if done.replayed:
        return answer(202, view, location=view["links"]["self"], idempotent_replayed="true")
    return answer(202, view, location=view["links"]["self"])


@api.post("/v1/uploads")
def create_upload() -> Response[str]:
    tenant = tenant_of(api, bootstrap.keys())
    upload = parse_upload(parse_body(raw_body(api)), tenant, bootstrap.new_id())
    ticket = bootstrap.inbox().offer(upload.key, upload.content_type, MOST_SOURCE_BYTES, bootstrap.CLOCK.now())
    return answer(201, views.upload(upload.id, ticket, MOST_SOURCE_BYTES))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return api.resolve(event, context)
