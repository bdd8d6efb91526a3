"""Where a request may go: the public internet, and what the operator allowed besides."""

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urljoin, urlsplit

import idna

from descant.net.addresses import Address, public, unwrapped

PORTS = {"http": 80, "https": 443}
"""Schemes that may be asked for, and their ports."""

FIRST_FREE_PORT = 1024
"""Below it only the web's own ports are let through: the others belong to mail, shells and the like."""

URL_MAX = 2048

_WEB_URL = "a valid https:// or http:// URL"
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_PLAIN = "/%:@!$&'()*+,;=~"
"""Characters that stand in a path as they are, besides letters, digits and ``_.-``; "%" because it begins an escape."""


class ForbiddenUrl(ValueError):
    """The URL leads where requests may not go; the text completes "the URL must be …"."""


@dataclass(frozen=True)
class Url:
    """A URL taken apart: ``host`` as it is looked up, ``target`` the path and query as they are sent."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What a Host header says: the host, and the port when it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


class Allowed:
    """The hosts and networks the operator opened besides the public internet.

    Parameters
    ----------
    entries : host names, ``*.``-wildcards, addresses or networks, as in ``DESCANT_OUTBOUND_ALLOW``.
    """

    def __init__(self, entries: Sequence[str] = ()) -> None:
        self._networks: list[IPv4Network | IPv6Network] = []
        self._hosts: set[str] = set()
        for entry in entries:
            try:
                self._networks.append(ip_network(entry, strict=False))
            except ValueError:
                self._hosts.add(entry.lower().rstrip("."))

    def host(self, name: str) -> bool:
        """Return whether a host may be reached whatever its addresses are."""
        name = name.lower().rstrip(".")
        above = name.split(".")
        wildcards = {"*." + ".".join(above[place:]) for place in range(1, len(above))}
        return name in self._hosts or not wildcards.isdisjoint(self._hosts)

    def address(self, address: Address) -> bool:
        """Return whether an address lies in an allowed network."""
        inner = unwrapped(address)
        return any(inner in network for network in self._networks if network.version == inner.version)


def parse(text: str, allowed: Allowed) -> Url:
    """Return a URL whose form may be asked for; its host is resolved and judged only when it is connected to.

    Raises
    ------
    ForbiddenUrl : when it is no http or https URL with a host, carries a name or password, names a port of another
        service, or an address, in whatever spelling, or a name that cannot be public.
    """
    url = _split(text)
    if allowed.host(url.host):
        return url
    spelled = literal(url.host)
    if spelled is not None and allowed.address(spelled):
        return url
    if url.port < FIRST_FREE_PORT and url.port not in PORTS.values():
        raise ForbiddenUrl(f"a URL on port 80, 443 or one from {FIRST_FREE_PORT} up")
    if not public(spelled) if spelled is not None else not _may_be_public(url.host):
        raise ForbiddenUrl("a URL on the public internet")
    return url


def joined(base: str, location: str) -> str:
    """Return the URL that ``location``, perhaps a relative one, means on the page ``base``."""
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise ForbiddenUrl(_WEB_URL) from error


def _split(text: str) -> Url:
    """Take a URL apart, so strictly that no other program could read another host in it."""
    if len(text) > URL_MAX or any(ord(c) <= 0x20 or c in "\\\x7f" for c in text):
        raise ForbiddenUrl(_WEB_URL)
    try:
        parts = urlsplit(text)
        port = PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
        host = _ascii(parts.hostname or "")
    except ValueError as error:  # idna's errors are ValueErrors too
        raise ForbiddenUrl(_WEB_URL) from error
    if parts.scheme not in PORTS or not host or not 0 < port < 65536:
        raise ForbiddenUrl(_WEB_URL)
    if "@" in parts.netloc:
        raise ForbiddenUrl("a URL without a user name or password")
    target = quote(parts.path or "/", safe=_PLAIN) + (
        "?" + quote(parts.query, safe=_PLAIN + "?") if parts.query else ""
    )
    return Url(parts.scheme, host, port, target)


def _ascii(host: str) -> str:
    """Return a host as it is looked up: lower case, international names encoded (UTS 46).

    Raises
    ------
    ValueError : when it can be no host.
    """
    if ":" in host:
        return str(IPv6Address(host.split("%")[0]))
    name = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    if not _HOST.fullmatch(name):
        raise ValueError(f"{host!r} is no host")
    return name.lower()


def literal(host: str) -> Address | None:
    """Return the address a host spells, in any form the system would take (such as 127.1 or 0x7f000001), or None."""
    try:
        return ip_address(host.strip("[]").split("%")[0])
    except ValueError:
        pass
    try:
        return ip_address(socket.inet_aton(host.rstrip(".")))
    except OSError:
        return None


def judge(host: str, addresses: Sequence[Address], allowed: Allowed) -> None:
    """Raise ForbiddenUrl unless every address of a host may be connected to."""
    if allowed.host(host):
        return
    for address in addresses:
        if not allowed.address(address) and not public(address):
            raise ForbiddenUrl("a URL on the public internet")


def _may_be_public(host: str) -> bool:
    """Whether a name could be one of the public internet: those of one label, and special ones, are local."""
    labels = host.rstrip(".").lower().split(".")
    return len(labels) > 1 and labels[-1] not in {"localhost", "local", "lan", "internal", "onion"}
