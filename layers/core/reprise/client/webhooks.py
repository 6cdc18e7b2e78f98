"""`client.webhooks`: endpoints, their secrets, and what was sent. All of it takes a key with the scope `admin`, but the
log of deliveries, which takes `read`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from reprise.client.transport import Transport

if TYPE_CHECKING:
    from reprise.http.shapes.webhooks import Deliveries, Delivery, NewWebhook, Secret, Webhook


class Webhooks:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, url: str, events: Sequence[str] = ()) -> "NewWebhook":
        """Its `secret` is not shown again. Not repeated if the answer is lost: look at the list then.

        >>> made = client.webhooks.create("https://example.net/hook", ["cover.succeeded"])
        >>> made["secret"][:6]
        'whsec_'
        >>> [one["url"] for one in client.webhooks.list()]
        ['https://example.net/hook']
        """
        body = {"url": url, "events": list(events)}
        made: NewWebhook = self._transport.json("POST", "/v1/webhooks", json=body, repeatable=False)
        return made

    def list(self) -> "list[Webhook]":
        found: list[Webhook] = self._transport.json("GET", "/v1/webhooks")["webhooks"]
        return found

    def delete(self, webhook_id: str) -> None:
        self._transport.ask("DELETE", f"/v1/webhooks/{quote(webhook_id, safe='')}", repeatable=False)

    def enable(self, webhook_id: str) -> "Webhook":
        found: Webhook = self._transport.json("POST", f"/v1/webhooks/{quote(webhook_id, safe='')}/enable")
        return found

    def rotate(self, webhook_id: str) -> "Secret":
        """A new secret of an endpoint; the one before signs too for a day."""
        path = f"/v1/webhooks/{quote(webhook_id, safe='')}/rotate"
        found: Secret = self._transport.json("POST", path, repeatable=False)
        return found

    def secret(self) -> "Secret":
        """The tenant's own, which signs for the URLs that covers bring."""
        found: Secret = self._transport.json("GET", "/v1/webhooks/secret")
        return found

    def deliveries(self, cover_id: str) -> "Deliveries":
        """What was sent of a cover, each attempt of it."""
        found: Deliveries = self._transport.json("GET", f"/v1/covers/{quote(cover_id, safe='')}/deliveries")
        return found

    def replay(self, cover_id: str, delivery_id: str) -> "Delivery":
        """The same event once more, with the same `webhook-id`."""
        path = f"/v1/covers/{quote(cover_id, safe='')}/deliveries/{quote(delivery_id, safe='')}/replay"
        found: Delivery = self._transport.json("POST", path, repeatable=False)
        return found
