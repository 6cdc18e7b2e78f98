"""POST .../cancel, .../retry, .../replay, DELETE: changing a cover that exists, or what was told of it.

409 where its state does not allow it. Each may be asked twice: the second time changes nothing more.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from reprise import bootstrap
from reprise.domain.key import Scope
from reprise.http import views, webhook_views
from reprise.http.api import answer, caller_of, new_api, resolve

api = new_api()


@api.post("/v1/covers/<job_id>/cancel")
def cancel_cover(job_id: str) -> Response[str]:
    job = bootstrap.manage().cancel(caller_of(api, bootstrap.keys(), Scope.SUBMIT).tenant, job_id)
    return answer(200, views.cover(job, bootstrap.public_url()))


@api.post("/v1/covers/<job_id>/retry")
def retry_cover(job_id: str) -> Response[str]:
    caller = caller_of(api, bootstrap.keys(), Scope.SUBMIT)
    job = bootstrap.manage().retry(caller.tenant, job_id, caller.purse(bootstrap.CLOCK.now()))
    view = views.cover(job, bootstrap.public_url())
    return answer(202, view, location=view["links"]["self"])


@api.delete("/v1/covers/<job_id>")
def delete_cover(job_id: str) -> Response[str]:
    bootstrap.manage().delete(caller_of(api, bootstrap.keys(), Scope.ADMIN).tenant, job_id)
    return Response(204, body="")


@api.post("/v1/covers/<job_id>/deliveries/<delivery_id>/replay")
def replay_delivery(job_id: str, delivery_id: str) -> Response[str]:
    again = bootstrap.redeliver().replay(caller_of(api, bootstrap.keys(), Scope.ADMIN).tenant, job_id, delivery_id)
    return answer(202, webhook_views.delivery(again, bootstrap.public_url()))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return resolve(api, event, context)
