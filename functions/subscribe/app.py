"""/v1/webhooks: where events go, and which secrets sign them. It shows a secret once, the tenant's always."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from reprise import bootstrap
from reprise.dialects.native import parse_webhook
from reprise.domain.key import Scope
from reprise.http import orders, webhook_views
from reprise.http.api import answer, new_api, resolve, tenant_with

api = new_api()
admin = tenant_with(api, bootstrap.keys, Scope.ADMIN)


@api.post("/v1/webhooks")
def create_webhook() -> Response[str]:
    tenant, use = admin(), bootstrap.subscribe()
    wish = parse_webhook(orders.json_body(api), bootstrap.settings().allowed_private_networks)
    view = webhook_views.endpoint(use.create(tenant, wish.url, wish.events), bootstrap.public_url())
    return answer(201, {**view, **webhook_views.secret(use.secret(tenant, view["id"]))}, location=view["links"]["self"])


@api.get("/v1/webhooks")
def list_webhooks() -> Response[str]:
    found = bootstrap.subscribe().every(admin())
    return answer(200, webhook_views.endpoints(found, bootstrap.public_url()))


@api.get("/v1/webhooks/secret")
def read_secret() -> Response[str]:
    return answer(200, webhook_views.secret(bootstrap.subscribe().secret(admin())))


@api.post("/v1/webhooks/secret/rotate")
def rotate_secret() -> Response[str]:
    return answer(200, webhook_views.secret(bootstrap.subscribe().rotate(admin())))


@api.get("/v1/webhooks/<webhook_id>")
def read_webhook(webhook_id: str) -> Response[str]:
    return answer(200, webhook_views.endpoint(bootstrap.subscribe().find(admin(), webhook_id), bootstrap.public_url()))


@api.delete("/v1/webhooks/<webhook_id>")
def delete_webhook(webhook_id: str) -> Response[str]:
    bootstrap.subscribe().delete(admin(), webhook_id)
    return Response(204, body="")


@api.post("/v1/webhooks/<webhook_id>/rotate")
def rotate_webhook(webhook_id: str) -> Response[str]:
    tenant, use = admin(), bootstrap.subscribe()
    return answer(200, webhook_views.secret(use.rotate(tenant, use.find(tenant, webhook_id).id)))


@api.post("/v1/webhooks/<webhook_id>/enable")
def enable_webhook(webhook_id: str) -> Response[str]:
    enabled = bootstrap.subscribe().enable(admin(), webhook_id)
    return answer(200, webhook_views.endpoint(enabled, bootstrap.public_url()))


@api.get("/.well-known/reprise-webhook-keys.json")
def read_keys() -> Response[str]:
    return answer(200, bootstrap.subscribe().keys())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return resolve(api, event, context)
