"""Files fetched from servers that misbehave in every way we know."""

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from descant.net import outbound as module
from descant.net.destinations import ForbiddenUrl
from descant.net.outbound import Abandoned, Outbound, OutboundError, TooLarge

OUTBOUND = Outbound(("127.0.0.0/8",))


@pytest.fixture
def fetch(tmp_path: Path) -> Callable[..., bytes]:
    """Fetch a URL into a file; return what is in it."""

    def fetch(url: str, **limits: object) -> bytes:
        limits = {"seconds": 5.0, "most": 100_000, **limits}
        size = OUTBOUND.fetch(url, tmp_path / "file", **limits)
        data = (tmp_path / "file").read_bytes()
        assert size == len(data)
        return data

    return fetch


@pytest.fixture
def raw() -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """Start a server that says what it likes on a bare connection; return its URL."""
    servers = []

    def start(say: Callable[[socket.socket], None]) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    with contextlib.suppress(OSError):
                        say(connection)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/song.mp3"

    yield start
    for server in servers:
        server.close()


def test_a_file_is_written_as_it_comes(fetch, site, says) -> None:
    assert fetch(site(says(200, b"song" * 1000)).url()) == b"song" * 1000


def test_a_file_of_exactly_the_size_allowed_is_taken(fetch, site, says) -> None:
    assert len(fetch(site(says(200, b"a" * 100)).url(), most=100)) == 100
    with pytest.raises(TooLarge):
        fetch(site(says(200, b"a" * 101)).url(), most=100)


@pytest.mark.parametrize("status", [201, 204, 206, 400, 401, 403, 404, 410, 429, 500, 503])
def test_only_an_answer_with_the_file_is_one(fetch, site, says, status: int) -> None:
    with pytest.raises(OutboundError, match=f"status {status}"):
        fetch(site(says(status)).url())


def test_what_is_sent_compressed_is_not_unpacked(fetch, site, says) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    with pytest.raises(OutboundError, match="compressed"):
        fetch(site(says(200, bomb, **{"Content-Encoding": "gzip"})).url())


def test_redirects_in_a_ring_come_to_an_end(fetch, site, says) -> None:
    def play(request) -> None:
        says(302, Location=request.path + "a")(request)

    ring = site(play)
    with pytest.raises(OutboundError, match="redirects"):
        fetch(ring.url())
    assert len(ring.asked) == 4


@pytest.mark.parametrize("target", ["http://10.0.0.1/", "http://[::1]/", "file:///etc/passwd", "ftp://a.example/"])
def test_a_redirect_to_where_nothing_may_be_asked_is_refused(fetch, site, says, target: str) -> None:
    with pytest.raises(ForbiddenUrl):
        fetch(site(says(301, Location=target)).url())


@pytest.mark.parametrize(
    "said",
    [
        b"ICY 200 OK\r\nicy-name: radio\r\n\r\n" + bytes(1000),
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx",
        b"HTTP/1.1 200 OK\r\n" + b"X-Filler: " + b"y" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x16\x03\x01\x02\x00",
        b"",
        bytes(10_000),
    ],
)
def test_what_is_no_answer_is_an_error(fetch, raw, said: bytes) -> None:
    with pytest.raises((OutboundError, ForbiddenUrl)):
        fetch(raw(lambda connection: connection.sendall(said)))


def test_what_comes_after_the_length_told_is_not_read(fetch, raw) -> None:
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsong and dance"
    assert fetch(raw(lambda connection: connection.sendall(said))) == b"song"


def _endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(bytes(10_000))


def test_a_stream_without_end_is_broken_off(fetch, raw) -> None:
    with pytest.raises(TooLarge):
        fetch(raw(_endless))


def test_a_stream_that_drips_ends_with_its_time(fetch, raw) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"a")
            time.sleep(0.05)

    with pytest.raises(OutboundError, match="in time"):
        fetch(raw(drip), seconds=0.5)


def test_a_server_that_falls_silent_is_not_waited_for_to_the_end(fetch, raw, monkeypatch) -> None:
    monkeypatch.setattr(module, "STALL_SECONDS", 0.2)

    def fall_silent(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsong")
        time.sleep(3)

    with pytest.raises(OutboundError, match="in time"):
        fetch(raw(fall_silent), seconds=60.0)


def test_what_nobody_wants_any_more_is_left(fetch, raw) -> None:
    asked = iter([True, True, False])
    with pytest.raises(Abandoned):
        fetch(raw(_endless), most=10**9, wanted=lambda: next(asked))
