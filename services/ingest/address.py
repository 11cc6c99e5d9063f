"""Which network addresses a feed may lead us to, checked on the address being connected to; never on a name.

A name proves nothing: it may resolve to another address a second later (DNS rebinding), or be a number in disguise
(`http://2130706433/`). So the check sits where the socket is made, on every hop of a redirect.
"""

import ipaddress
import socket
from collections.abc import Callable
from typing import Final

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]

# Azure's host agent answers on a public-looking address; the other clouds' metadata are link-local or private.
METADATA: Final = frozenset({ipaddress.ip_address("168.63.129.16"), ipaddress.ip_address("fd00:ec2::254")})
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(OSError):
    """The connection would have gone to an address that feeds have no business with."""

    def __init__(self) -> None:
        # The same words for every address of a name, so that the connector reports one error.
        super().__init__("address refused: private, loopback, link-local or metadata")


def is_allowed(address: str, *, private: bool) -> bool:
    """Say whether a connection to this numeric address may be made; `private` allows loopback and private ranges.

    Link-local, multicast and metadata addresses are refused even then. IPv6 forms that carry an IPv4 address are
    judged by the address they carry.
    """
    try:
        parsed = _carried(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if parsed.is_link_local or parsed.is_multicast or parsed.is_unspecified or parsed in METADATA:
        return False
    # The deprecated site-local range, fec0::/10, counts as global in Python's tables.
    site_local = isinstance(parsed, ipaddress.IPv6Address) and parsed.is_site_local
    return private or (parsed.is_global and not site_local)


def _carried(address: IPAddress) -> IPAddress:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or 1 < int(address) < 1 << 32:
        # The second is the deprecated "IPv4-compatible" form, ::127.0.0.1.
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def guarded_sockets(*, private: bool) -> Callable[[AddressInfo], socket.socket]:
    """Return a socket factory for aiohttp's connector that raises AddressRefused before any packet is sent."""

    def make(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, where = info
        if not is_allowed(str(where[0]), private=private):
            raise AddressRefused
        return socket.socket(family, kind, protocol)

    return make
