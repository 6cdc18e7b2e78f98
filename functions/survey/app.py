"""GET /v1/providers, and what only a vendor knows and its clients ask for: the credit left, the voices there are.

Once an hour, the credit left everywhere, for the alarms.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from reprise import bootstrap
from reprise.dialects.dialect import Dialect, Knock, Reply
from reprise.domain.key import ApiKey, Scope
from reprise.http import views
from reprise.http.api import answer, caller_of, new_api, resolve
from reprise.http.dialects import serve
from reprise.logs import logger
from reprise.metrics import Metric, put
from reprise.ports import Voices

api = new_api()


@api.get("/v1/providers")
def list_providers() -> Response[str]:
    caller_of(api, bootstrap.keys(), Scope.READ)
    return answer(200, views.providers(bootstrap.survey()()))


def balance(dialect: Dialect, knock: Knock, caller: ApiKey) -> Reply:
    return dialect.balance(bootstrap.survey().balance(dialect.name))


def voices(dialect: Dialect, knock: Knock, caller: ApiKey) -> Reply:
    asked = dialect.voice_query(knock.query)
    found = bootstrap.survey().voices(dialect.name, asked.query, asked.limit, asked.page)
    return dialect.voices(found or Voices((), 0), asked)


serve(api, bootstrap.dialects(), "GET", "balances", bootstrap.keys, balance)
serve(api, bootstrap.dialects(), "GET", "catalogs", bootstrap.keys, voices)


def weigh() -> dict[str, Any]:
    """Hourly: what is left at each vendor, for the alarms."""
    known = {}
    for provider, left in bootstrap.survey().balances():
        put({Metric.BALANCE: left}, provider=provider)
        known[provider] = left
    logger.info("balances", known=known)
    return known


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    if event.get("source") == "aws.events":
        return weigh()
    return resolve(api, event, context)
