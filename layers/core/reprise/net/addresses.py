"""Which addresses an outside URL may point to: public ones. Everything special-purpose is refused
(IANA IPv4 and IPv6 Special-Purpose Address Registries), also what the registries call globally reachable."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from reprise.settings import Network

NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address. DNS64 gives such addresses for every host of the IPv4 Internet, so
that a subnet without IPv4 reaches them: what is inside decides."""

UNICAST = IPv6Network("2000::/3")
"""All IPv6 that was ever given out for public use (RFC 4291, 2.4): `::127.0.0.1` and `fec0::1` lie outside."""

SPECIAL = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.175.48.0/24",
            "2001::/23",
            "2002::/16",
            "2620:4f:8000::/48",
            "3fff::/20",
        ),
    )
)
"""In the registries, but public to `ipaddress`: in part, or before Python 3.13. Teredo and 6to4 are among them: their
IPv4 addresses are tunnels' ends, and no service is at home there."""


def allowed(address: str, exceptions: tuple[Network, ...]) -> bool:
    """True for a public address, or one in the networks that the operator allows."""
    try:
        ip = ip_address(address.split("%")[0])
    except ValueError:
        return False
    return _among(_plain(ip), exceptions) or _public(ip)


def excepted(address: str, exceptions: tuple[Network, ...]) -> bool:
    """True in the networks that the operator allows: plain http is taken there too."""
    try:
        return _among(_plain(ip_address(address)), exceptions)
    except ValueError:
        return False


def _public(ip: IPv4Address | IPv6Address) -> bool:
    if ip in NAT64:
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.version == 6 and ip not in UNICAST:
        return False
    return ip.is_global and not ip.is_multicast and not _among(ip, SPECIAL)


def _among(ip: IPv4Address | IPv6Address, networks: tuple[Network, ...]) -> bool:
    return any(ip in network for network in networks if network.version == ip.version)


def _plain(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside a v4-mapped one."""
    return ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip
