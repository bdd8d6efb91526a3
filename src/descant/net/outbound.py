"""The client for requests to addresses that users name.

It looks a name up once, judges every address (:func:`descant.net.destinations.judge`) and connects to a judged one,
while TLS still verifies the name; so a name server cannot answer one thing when asked and another when connected to.
It knows no proxies (whose own network would be asked), keeps no cookies, does not follow redirects unless told to,
and then judges each hop anew. One deadline covers a whole exchange, however slowly it drips.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import certifi
import httpcore

from descant.net import destinations
from descant.net.addresses import Address
from descant.net.destinations import Allowed

MOST_HOPS = 3
"""Redirects a download follows."""

USER_AGENT = "Descant"
_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 64 * 1024


class OutboundError(Exception):
    """The request came to nothing: no such name, no connection, no certificate, no answer in time; the text says."""


class TooLarge(OutboundError):
    """The answer is larger than was allowed."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers by lower-case name, and the body, or as much of it as was wanted."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Outbound:
    """Asks other machines. Safe to use from several threads.

    Parameters
    ----------
    allow : what may be reached besides the public internet, as in ``DESCANT_OUTBOUND_ALLOW``.
    trust : whose certificates to believe; None for the system's authorities and the Mozilla list of certifi.
    """

    def __init__(self, allow: Sequence[str] = (), *, trust: ssl.SSLContext | None = None) -> None:
        self._allowed = Allowed(allow)
        self._trust = trust or _authorities()

    def check(self, url: str) -> None:
        """Raise ForbiddenUrl when the form of a URL already says that it may not be asked for."""
        destinations.parse(url, self._allowed)

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, seconds: float, keep: int = 2048) -> Answer:
        """Send ``body`` and return the answer, whatever its status, with the first ``keep`` bytes of its body.

        Redirects are not followed: they are answers like others.

        Raises
        ------
        ForbiddenUrl : when the URL leads where requests may not go.
        OutboundError : when there is no answer within ``seconds``.
        """
        sent = {**headers, "Content-Length": str(len(body))}
        with self._exchange("POST", url, sent, body, time.monotonic() + seconds) as answer:
            return Answer(answer.status, _headers(answer), _beginning(answer, keep))

    def download(self, url: str, *, seconds: float, most: int) -> Answer:
        """Fetch a whole body of at most ``most`` bytes, over up to :data:`MOST_HOPS` redirects.

        Raises
        ------
        ForbiddenUrl : when the URL, or one it redirects to, leads where requests may not go.
        TooLarge : when there is more to it.
        OutboundError : when it cannot be fetched within ``seconds``, or redirects too often.
        """
        deadline = time.monotonic() + seconds
        for _ in range(MOST_HOPS + 1):
            with self._exchange("GET", url, {}, b"", deadline) as answer:
                headers = _headers(answer)
                if answer.status not in _REDIRECTS or "location" not in headers:
                    return Answer(answer.status, headers, _whole(answer, headers, most))
                url = destinations.joined(url, headers["location"])
        raise OutboundError(f"it redirects more than {MOST_HOPS} times")

    @contextmanager
    def _exchange(
        self, method: str, text: str, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> Iterator[httpcore.Response]:
        """Send a request over a connection of its own and close that at the end."""
        url = destinations.parse(text, self._allowed)
        own = {"Host": url.authority, "User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        backend = _Guard(self._allowed, deadline)
        with httpcore.ConnectionPool(ssl_context=self._trust, network_backend=backend, max_connections=1) as pool:
            target = httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=url.target)
            try:
                with pool.stream(method, target, headers=list({**own, **headers}.items()), content=body) as answer:
                    yield answer
            except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
                raise OutboundError(_reason(error)) from error


class _Guard(httpcore.NetworkBackend):
    """Connects to judged addresses only, and lets nothing last beyond ``deadline`` (by the monotonic clock)."""

    def __init__(self, allowed: Allowed, deadline: float) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Look ``host`` up, judge what it is, and connect to the first address that answers."""
        addresses = resolve(host, port, _left(self._deadline))
        destinations.judge(host, addresses, self._allowed)
        fault: Exception = httpcore.ConnectError(f"the name {host} has no address")
        for address in addresses:
            try:
                stream = self._backend.connect_tcp(str(address), port, _left(self._deadline), None, socket_options)
                return _Timed(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault


class _Timed(httpcore.NetworkStream):
    """A stream on which every read and write gets only what is left of the exchange's time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _CHUNK):
            self._stream.write(buffer[start : start + _CHUNK], _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _Timed(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def resolve(host: str, port: int, seconds: float) -> tuple[Address, ...]:
    """Return the addresses of a host, those the system would try first, first.

    The system's resolver cannot be interrupted, so it is asked in a thread that is left behind when it takes too long.

    Raises
    ------
    httpcore.ConnectError, httpcore.ConnectTimeout : when it has none, or none within ``seconds``.
    """
    found: list[Address] = []
    faults: list[OSError] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(ip_address(str(answer[4][0]).split("%")[0]) for answer in answers))
        except (OSError, UnicodeError) as error:
            faults.append(OSError(str(error)))

    asking = threading.Thread(target=ask, name="resolver", daemon=True)
    asking.start()
    asking.join(seconds)
    if asking.is_alive():
        raise httpcore.ConnectTimeout(f"the name {host} could not be looked up in time")
    if faults or not found:
        raise httpcore.ConnectError(f"the name {host} has no address")
    return tuple(found)


def _authorities() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return left


def _headers(answer: httpcore.Response) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}


def _beginning(answer: httpcore.Response, most: int) -> bytes:
    """Return the first ``most`` bytes of a body; what cannot be read of it is of no matter."""
    body = b""
    with contextlib.suppress(httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
        for chunk in answer.iter_stream():
            body += chunk
            if len(body) >= most:
                break
    return body[:most]


def _whole(answer: httpcore.Response, headers: Mapping[str, str], most: int) -> bytes:
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise TooLarge(f"it is larger than {most:,} bytes")
    body = bytearray()
    for chunk in answer.iter_stream():
        body += chunk
        if len(body) > most:
            raise TooLarge(f"it is larger than {most:,} bytes")
    return bytes(body)


def _reason(error: Exception) -> str:
    """Return why an exchange failed, in a line."""
    if isinstance(error, httpcore.TimeoutException):
        return "no answer in time"
    return str(error) or type(error).__name__
