"""Every range of the IANA special-purpose registries (IPv4 and IPv6) is refused, however it is written."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.net.addresses import allowed, excepted

SPECIAL_V4 = {
    "this network": "0.0.0.0/8",
    "private 10": "10.0.0.0/8",
    "carrier-grade NAT": "100.64.0.0/10",
    "loopback": "127.0.0.0/8",
    "link-local and metadata": "169.254.0.0/16",
    "private 172": "172.16.0.0/12",
    "IETF protocol assignments": "192.0.0.0/24",
    "documentation 1": "192.0.2.0/24",
    "AS112": "192.31.196.0/24",
    "AMT": "192.52.193.0/24",
    "6to4 relays": "192.88.99.0/24",
    "private 192": "192.168.0.0/16",
    "AS112 direct": "192.175.48.0/24",
    "benchmarks": "198.18.0.0/15",
    "documentation 2": "198.51.100.0/24",
    "documentation 3": "203.0.113.0/24",
    "multicast": "224.0.0.0/4",
    "reserved and broadcast": "240.0.0.0/4",
}
SPECIAL_V6 = {
    "unspecified": "::/128",
    "loopback": "::1/128",
    "IPv4-compatible": "::/96",
    "IPv4-mapped": "::ffff:0:0/96",
    "IPv4-translated": "::ffff:0:0:0/96",
    "local NAT64": "64:ff9b:1::/48",
    "discard": "100::/64",
    "dummy": "100:0:0:1::/64",
    "Teredo": "2001::/32",
    "IETF protocol assignments": "2001::/23",
    "port control, TURN and DNS-SD anycast": "2001:1::/32",
    "benchmarks": "2001:2::/48",
    "AMT": "2001:3::/32",
    "AS112": "2001:4:112::/48",
    "ORCHID": "2001:10::/28",
    "ORCHID 2": "2001:20::/28",
    "DRIP": "2001:30::/28",
    "documentation": "2001:db8::/32",
    "6to4": "2002::/16",
    "AS112 direct": "2620:4f:8000::/48",
    "documentation 2": "3fff::/20",
    "segment routing": "5f00::/16",
    "unique local and metadata": "fc00::/7",
    "link-local": "fe80::/10",
    "site-local": "fec0::/10",
    "multicast": "ff00::/8",
    "never assigned": "4000::/2",
}
PUBLIC = (
    "93.184.215.14",
    "8.8.8.8",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "223.255.255.254",
)
PUBLIC_V6 = ("2606:4700::6810:84e5", "2a00:1450:4001:81b::200e", "2400:cb00::1", "2001:4860:4860::8888")

WRAPPINGS = {
    "v4-mapped": lambda v4: IPv6Address(0xFFFF << 32 | v4),
    "NAT64": lambda v4: IPv6Address(0x64FF9B << 96 | v4),
    "6to4": lambda v4: IPv6Address(0x2002 << 112 | v4 << 80 | 1),
    "Teredo": lambda v4: IPv6Address(0x20010000 << 96 | 0x5DB8D80E << 64 | v4 ^ 0xFFFFFFFF),
}


@pytest.mark.parametrize("network", [*SPECIAL_V4.values(), *SPECIAL_V6.values()], ids=[*SPECIAL_V4, *SPECIAL_V6])
def test_first_last_and_middle_of_every_special_range_are_refused(network: str) -> None:
    addresses = ip_network(network)
    for place in (0, addresses.num_addresses // 2, addresses.num_addresses - 1):
        assert not allowed(str(addresses[place]), ()), addresses[place]


@given(
    st.sampled_from(sorted({**SPECIAL_V4, **{f"6 {name}": at for name, at in SPECIAL_V6.items()}}.values())), st.data()
)
def test_no_address_of_a_special_range_is_let_through(network: str, data: st.DataObject) -> None:
    addresses = ip_network(network)
    place = data.draw(st.integers(0, addresses.num_addresses - 1))
    assert not allowed(str(addresses[place]), ())


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("network", SPECIAL_V4.values(), ids=SPECIAL_V4)
def test_a_special_address_does_not_pass_inside_an_ipv6_one(network: str, wrapping: str) -> None:
    for v4 in (ip_network(network)[0], ip_network(network)[-1]):
        assert not allowed(str(WRAPPINGS[wrapping](int(v4))), ()), v4


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_public_address_passes_inside_an_ipv6_one_only_where_dns64_puts_it(wrapping: str) -> None:
    """A subnet without IPv4 reaches the rest of the Internet so. The others are tunnels, or no address at all."""
    assert allowed(str(WRAPPINGS[wrapping](int(IPv4Address("93.184.215.14")))), ()) == (wrapping == "NAT64")


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fd00:ec2::254", "169.254.170.2", "100.100.100.200", "192.0.0.192"]
)
def test_metadata_services_are_refused(address: str) -> None:
    assert not allowed(address, ())


@pytest.mark.parametrize("address", [*PUBLIC, *PUBLIC_V6])
def test_public_addresses_are_allowed(address: str) -> None:
    assert allowed(address, ())


@pytest.mark.parametrize("address", ["fe80::1%eth0", "::1%1", "", "x", "127.1", "0x7f000001", "1.2.3.4/32"])
def test_what_is_no_plain_public_address_is_refused(address: str) -> None:
    assert not allowed(address, ())


def test_an_exception_opens_its_own_network_and_no_other() -> None:
    networks = (ip_network("127.0.0.0/8"), ip_network("fd12::/16"))
    assert allowed("127.0.0.1", networks)
    assert allowed("::ffff:127.0.0.1", networks)
    assert allowed("fd12::1", networks)
    assert excepted("127.0.0.1", networks)
    assert not allowed("10.0.0.1", networks)
    assert not allowed("64:ff9b::7f00:1", networks)
    assert not allowed("2002:7f00:1::1", networks)
    assert not allowed("::1", networks)
    assert not allowed("fd13::1", networks)
    assert not excepted("93.184.215.14", networks)
    assert not excepted("media.example", networks)


@given(st.ip_addresses())
def test_every_address_gets_an_answer(address: IPv4Address | IPv6Address) -> None:
    assert allowed(str(address), ()) in (True, False)


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    assert excepted(text, ()) is False
    assert allowed(text, ()) in (True, False)
