"""Endpoints, their secrets, and what was sent to them."""

from typing_extensions import TypedDict

from reprise.domain.delivery import DeliveryState
from reprise.http.shapes.texts import Link, Moment


class WebhookLinks(TypedDict):
    self: Link
    rotate: Link
    enable: Link


class Webhook(TypedDict):
    """An endpoint; no `events` means all. The URL is told without what looks secret in it."""

    id: str
    url: str
    events: list[str]
    created_at: Moment
    enabled: bool
    disabled_reason: str | None
    disabled_at: Moment | None
    failing_since: Moment | None
    links: WebhookLinks


class Webhooks(TypedDict):
    webhooks: list[Webhook]


class Secret(TypedDict):
    """`previous_until`: when the secret before stops signing."""

    secret: str
    previous_until: Moment | None


class NewWebhook(Webhook, Secret):
    """The endpoint with its secret, which is not shown again."""


class PublicKey(TypedDict):
    """`x` as JWK; `whpk` as Standard Webhooks spells it."""

    kty: str
    crv: str
    x: str
    use: str
    alg: str
    kid: str
    whpk: str


class PublicKeys(TypedDict):
    keys: list[PublicKey]


class EventName(TypedDict):
    id: str
    type: str
    sequence: int


class Attempt(TypedDict):
    """One POST: `answer` is the beginning of what was answered, `reason` why there was no answer."""

    number: int
    at: Moment
    status: int | None
    ms: int | None
    answer: str
    reason: str | None


class ClientAttempt(Attempt):
    """A call back to a vendor's client; `about` says of what."""

    about: str | None


class DeliveryLinks(TypedDict):
    replay: Link


class Delivery(TypedDict):
    """An event on its way to one endpoint; `webhook` is its id, or `job` for the cover's own URL."""

    id: str
    event: EventName
    webhook: str
    state: DeliveryState
    reason: str | None
    created_at: Moment
    next_attempt_at: Moment | None
    attempts: list[Attempt]
    links: DeliveryLinks


class Deliveries(TypedDict):
    id: str
    deliveries: list[Delivery]
    callbacks: list[ClientAttempt]
