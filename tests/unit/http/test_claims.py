"""When two submits of a vendor's client are one, and who shall serve it."""

from dataclasses import replace

import pytest
from reprise.dialects.dialect import Knock, Wish
from reprise.domain.request import Source, Visit
from reprise.http.dialects import claim_of
from reprise.http.orders import routed, with_song
from reprise.memory import MemoryInbox
from reprise.ports import Claim

from tests.factories import a_request

VISIT = Visit("kie", "https://gw.example.net/cb", '{"model": "V5"}')
WISH = Wish(a_request(providers=(), visit=VISIT))
KEY, TRACE = "idempotency-key", "x-client-request-id"


def knock(**headers: str) -> Knock:
    return Knock("POST", "/Cover", headers={name.replace("_", "-"): value for name, value in headers.items()})


def claim(wish: Wish = WISH, tenant: str = "owner", **headers: str) -> Claim:
    found = claim_of(knock(**headers), tenant, wish)
    assert found is not None
    return found


OTHERS = [
    replace(WISH, file=b"ID3"),
    replace(WISH, request=replace(WISH.request, prompt="another")),
    replace(WISH, request=replace(WISH.request, source=Source(url="https://songs.example/b.mp3"))),
    replace(WISH, request=replace(WISH.request, visit=replace(VISIT, callback_url=None))),
    replace(WISH, request=replace(WISH.request, providers=("sunoapi",))),
]


def test_a_key_is_the_orders_whatever_the_wish_which_its_fingerprint_tells() -> None:
    claims = [claim(wish, idempotency_key="order-1") for wish in (WISH, *OTHERS)]
    assert {one.key for one in claims} == {"key:order-1"}
    assert len({one.fingerprint for one in claims}) == len(claims)


def test_a_trace_is_the_orders_only_together_with_the_wish() -> None:
    claims = [claim(wish, x_client_request_id="batch") for wish in (WISH, *OTHERS)]
    assert len({one.key for one in claims}) == len(claims)
    assert claim(x_client_request_id="batch") == claim(replace(WISH), x_client_request_id="batch")
    assert claim(x_client_request_id="another").key != claims[0].key


def test_a_key_goes_before_a_trace_and_neither_is_another_tenants() -> None:
    assert claim(idempotency_key="a", x_client_request_id="b").key == "key:a"
    assert claim(idempotency_key="a", tenant="acme") != claim(idempotency_key="a")


@pytest.mark.parametrize("value", ["k" * 129, "a b", "a/b", "<b>", 'a"b', "a,b", "a\n"])
def test_a_trace_is_an_id_or_it_is_not_there(value: str) -> None:
    assert claim_of(Knock("POST", "/Cover", headers={TRACE: value}), "owner", WISH) is None
    assert claim(x_client_request_id="Az09._:-" * 16)


@pytest.mark.parametrize("value", ["", "k" * 256, "caf\u00e9", "a\tb", "a\nb", "\u0661"])
@pytest.mark.parametrize("name", [KEY, TRACE])
def test_what_is_no_key_is_as_if_it_were_not_there(name: str, value: str) -> None:
    assert claim_of(Knock("POST", "/Cover", headers={name: value}), "owner", WISH) is None


def test_texts_that_no_table_could_keep_have_a_fingerprint_too() -> None:
    odd = replace(WISH, request=replace(WISH.request, prompt="\ud800"))
    assert claim(odd, idempotency_key="a").fingerprint != claim(idempotency_key="a").fingerprint


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("aimlapi", ("aimlapi",)),
        (" aimlapi ,kie,, ", ("aimlapi", "kie")),
        ("auto", ()),
        ("", ()),
        (",", ()),
    ],
)
def test_the_header_names_providers_best_first(header: str, names: tuple[str, ...]) -> None:
    assert routed(knock(x_reprise_provider=header), WISH).request.providers == names


def test_a_song_inside_the_body_is_stored_under_its_tenant_and_any_other_wish_is_as_it_was() -> None:
    inbox = MemoryInbox()
    assert with_song(WISH, "owner", inbox, lambda: "1") is WISH.request
    assert inbox.objects == {}
    request = with_song(replace(WISH, file=b"ID3"), "owner", inbox, lambda: "1")
    assert (request.source, inbox.objects) == (Source(key="uploads/owner/1"), {"uploads/owner/1": b"ID3"})
