"""Which addresses an outside URL may point to: public ones. Everything special-purpose is refused
(IANA IPv4 and IPv6 Special-Purpose Address Registries), also when it hides inside an IPv6 address."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from reprise.settings import Network

NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address."""

UNICAST = IPv6Network("2000::/3")
"""All IPv6 that was ever given out for public use (RFC 4291, 2.4): `::127.0.0.1` and `fec0::1` lie outside."""

SPECIAL = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")))
"""In the registries, but public to `ipaddress`: in part, or before Python 3.13."""


def allowed(address: str, exceptions: tuple[Network, ...]) -> bool:
    """True for a public address, or one in the networks that the operator allows."""
    try:
        ip = _unwrapped(ip_address(address.split("%")[0]))
    except ValueError:
        return False
    if _among(ip, exceptions):
        return True
    if ip.version == 6 and ip not in UNICAST:
        return False
    return ip.is_global and not ip.is_multicast and not _among(ip, SPECIAL)


def excepted(address: str, exceptions: tuple[Network, ...]) -> bool:
    """True in the networks that the operator allows: plain http is taken there too."""
    try:
        ip = _unwrapped(ip_address(address))
    except ValueError:
        return False
    return _among(ip, exceptions)


def _among(ip: IPv4Address | IPv6Address, networks: tuple[Network, ...]) -> bool:
    return any(ip in network for network in networks if network.version == ip.version)


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside a v4-mapped, 6to4, Teredo or NAT64 one."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.teredo:
        return ip.teredo[1]
    return ip.ipv4_mapped or ip.sixtofour or ip
