"""Which addresses may be connected to, and a connector that asks for the address it really uses.

A check of the name before the connection would be worth nothing: the name can resolve to another
address a moment later. So the rule is asked where the socket is made, for every attempt, with the
address that the socket is then connected to.
"""

import errno
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from aiohttp import TCPConnector

from streams.errors import DeltawireError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

REFUSED = "is no public address"
"""Stands in the error of a refused connection: the library joins the errors of several tries."""
NAT64 = ip_network("64:ff9b::/96")
COMPATIBLE = ip_network("::/96")
SPECIAL = (
    ip_network("168.63.129.16/32"),  # Azure's metadata service, under a public number
    ip_network("192.88.99.0/24"),  # relays of 6to4, given up
    ip_network("fec0::/10"),  # site-local, given up
)


class AddressRefusedError(OSError):
    """The address is private, local, or otherwise none of the public network."""


class AddressRule:
    """Public addresses, and what was allowed besides.

    Args:
        allowed: networks such as ``10.1.0.0/16``, or single addresses.

    Raises:
        DeltawireError: one of them is none.
    """

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        try:
            self._allowed = tuple(ip_network(each, strict=False) for each in allowed)
        except ValueError as error:
            raise DeltawireError(f"--allow: {error}; for example 10.1.0.0/16") from None

    def permits(self, host: str) -> bool:
        """Whether to connect to this address; it is an address, never a name."""
        address = ip_address(host.partition("%")[0])
        faces = [address, *_inside(address)]
        if any(face in network for face in faces for network in self._allowed):
            return True
        return all(_is_public(face) for face in faces)

    def make_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """The socket for one address, as ``aiohttp`` asks for it.

        Raises:
            AddressRefusedError: the rule does not permit it.
        """
        family, kind, protocol, _, place = info
        if not self.permits(str(place[0])):
            raise AddressRefusedError(errno.EACCES, f"{place[0]} {REFUSED}")
        return socket.socket(family, kind, protocol)


def guarded_connector(rule: AddressRule, **options: Any) -> TCPConnector:
    """Connects only where the rule permits it, literal addresses and redirects included."""
    return TCPConnector(socket_factory=rule.make_socket, **options)


def _inside(address: Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for: mapped, NAT64, 6to4, Teredo."""
    if isinstance(address, IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in NAT64):
        return True  # what counts is the address inside
    unfit = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not unfit and not any(address in net for net in SPECIAL)
