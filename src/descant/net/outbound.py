"""The client for requests to addresses that users name.

It looks a name up once, judges every address (:func:`descant.net.destinations.judge`) and connects to a judged one,
while TLS still verifies the name; so a name server cannot answer one thing when asked and another when connected to.
It knows no proxies (whose own network would be asked), keeps no cookies, does not follow redirects unless told to,
and then judges each hop anew. One deadline covers a whole exchange, however slowly it drips.
"""

import contextlib
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import certifi
import httpcore

from descant.net import destinations
from descant.net.addresses import Address
from descant.net.destinations import Allowed

MOST_HOPS = 3
"""Redirects a download follows."""

STALL_SECONDS = 20.0
"""How long a file that is fetched may say nothing before it is given up."""

USER_AGENT = "Descant"
_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 64 * 1024


class OutboundError(Exception):
    """The request came to nothing: no such name, no connection, no certificate, no answer in time; the text says."""


class TooLarge(OutboundError):
    """The answer is larger than was allowed."""


class Abandoned(Exception):
    """The caller did not want the rest."""


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
        with self._following(url, time.monotonic() + seconds) as answer:
            return Answer(answer.status, _headers(answer), b"".join(_pieces(answer, most)))

    def fetch(
        self, url: str, path: Path, *, seconds: float, most: int, wanted: Callable[[], bool] = lambda: True
    ) -> int:
        """Write the body at a URL to a file as it comes, over up to :data:`MOST_HOPS` redirects; return its bytes.

        Parameters
        ----------
        path : written over; what came before a failure is left in it.
        wanted : asked before each piece of the body.

        Raises
        ------
        ForbiddenUrl, TooLarge, OutboundError : as :meth:`download`; OutboundError also for a status other than 200,
            a compressed body, and one that says nothing for :data:`STALL_SECONDS`.
        Abandoned : when ``wanted`` said no.
        """
        with (
            self._following(url, time.monotonic() + seconds, STALL_SECONDS) as answer,
            path.open("wb") as file,
        ):
            _check_whole(answer)
            for piece in _pieces(answer, most):
                if not wanted():
                    raise Abandoned
                file.write(piece)
            return file.tell()

    @contextmanager
    def _following(self, url: str, deadline: float, stall: float = math.inf) -> Iterator[httpcore.Response]:
        """Ask for a URL and, over redirects, for those it leads to; give the answer that is none."""
        for _ in range(MOST_HOPS + 1):
            with self._exchange("GET", url, {}, b"", deadline, stall) as answer:
                headers = _headers(answer)
                if answer.status not in _REDIRECTS or "location" not in headers:
                    yield answer
                    return
                url = destinations.joined(url, headers["location"])
        raise OutboundError(f"it redirects more than {MOST_HOPS} times")

    @contextmanager
    def _exchange(
        self,
        method: str,
        text: str,
        headers: Mapping[str, str],
        body: bytes,
        deadline: float,
        stall: float = math.inf,
    ) -> Iterator[httpcore.Response]:
        """Send a request over a connection of its own and close that at the end."""
        url = destinations.parse(text, self._allowed)
        own = {"Host": url.authority, "User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        backend = _Guard(self._allowed, deadline, stall)
        with httpcore.ConnectionPool(ssl_context=self._trust, network_backend=backend, max_connections=1) as pool:
            target = httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=url.target)
            try:
                with pool.stream(method, target, headers=list({**own, **headers}.items()), content=body) as answer:
                    yield answer
            except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
                raise OutboundError(_reason(error)) from error


class _Guard(httpcore.NetworkBackend):
    """Connects to judged addresses only, and lets nothing last beyond ``deadline`` (by the monotonic clock).

    ``stall`` is how long, in seconds, one read or write may wait.
    """

    def __init__(self, allowed: Allowed, deadline: float, stall: float) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._stall = stall
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
                patience = min(_left(self._deadline), self._stall)
                stream = self._backend.connect_tcp(str(address), port, patience, None, socket_options)
                return _Timed(stream, self._deadline, self._stall)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault


class _Timed(httpcore.NetworkStream):
    """A stream on which every read and write gets only what is left of the exchange's time, and at most ``stall``."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float, stall: float) -> None:
        self._stream = stream
        self._deadline = deadline
        self._stall = stall

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._patience())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _CHUNK):
            self._stream.write(buffer[start : start + _CHUNK], self._patience())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._patience())
        return _Timed(secured, self._deadline, self._stall)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _patience(self) -> float:
        return min(_left(self._deadline), self._stall)


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


def _check_whole(answer: httpcore.Response) -> None:
    """Raise OutboundError unless the answer is the file itself, as it is kept where it comes from."""
    if answer.status != 200:
        raise OutboundError(f"it answers with status {answer.status}")
    coding = _headers(answer).get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise OutboundError(f"it is sent compressed ({coding[:20]}), which was not asked for")


def _pieces(answer: httpcore.Response, most: int) -> Iterator[bytes]:
    """Yield a body as it comes; raise TooLarge when it says it is, or turns out, larger than ``most``."""
    announced = _headers(answer).get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise TooLarge(f"it is larger than {most:,} bytes")
    size = 0
    for chunk in answer.iter_stream():
        size += len(chunk)
        if size > most:
            raise TooLarge(f"it is larger than {most:,} bytes")
        yield chunk


def _reason(error: Exception) -> str:
    """Return why an exchange failed, in a line."""
    if isinstance(error, httpcore.TimeoutException):
        return "no answer in time"
    return str(error) or type(error).__name__
