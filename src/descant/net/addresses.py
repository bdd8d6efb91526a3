"""Which IP addresses belong to the public internet.

Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its updates). Addresses that carry
another address inside (IPv4-mapped, NAT64, 6to4, Teredo, ISATAP) are as public as the address they carry, since a
gateway would unwrap them.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The only part of IPv6 from which public addresses are handed out."""

_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_TEREDO = IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)
"""Upper half of the interface identifier that marks an IPv4 address in the lower half (RFC 5214)."""

_RESERVED: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments
    IPv4Network("192.88.99.0/24"),  # the abandoned 6to4 relays
    IPv6Network("2001::/23"),  # protocol assignments; Teredo in it is unwrapped before
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("3fff::/20"),  # documentation
)
"""What older versions of Python's ``ipaddress`` take for public."""


def public(address: Address) -> bool:
    """Return whether an address, and every address it carries inside, is unicast on the public internet."""
    carried = list(_carried(address))
    if carried:
        return all(public(inner) for inner in carried)
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return not any(address in network for network in _RESERVED if network.version == address.version)


def unwrapped(address: Address) -> Address:
    """Return the IPv4 address behind an IPv4-mapped one, as which the system would connect; others as they are."""
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _carried(address: Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses written inside an IPv6 address."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    elif address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFF_FFFF)
    elif address in _SIX_TO_FOUR and address.sixtofour is not None:
        yield address.sixtofour
    elif address in _TEREDO and address.teredo is not None:
        yield from address.teredo
    elif address in _GLOBAL_UNICAST and (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
        yield IPv4Address(int(address) & 0xFFFF_FFFF)
