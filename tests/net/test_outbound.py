import shutil
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from descant.net.destinations import ForbiddenUrl
from descant.net.outbound import Outbound, OutboundError, TooLarge

LOOPBACK = ("127.0.0.0/8",)


@pytest.fixture
def outbound() -> Outbound:
    """A client that may reach this machine."""
    return Outbound(LOOPBACK)


def test_a_post_arrives_as_it_was_sent(outbound, site, says) -> None:
    receiver = site(says(204))
    answer = outbound.post(receiver.url("/hook?a=%20b"), b'{"a":1}', {"X-Word": "tide"}, seconds=5)
    assert answer.status == 204
    ((method, path, headers, body),) = receiver.asked
    assert (method, path, body) == ("POST", "/hook?a=%20b", b'{"a":1}')
    assert headers["X-Word"] == "tide"
    assert headers["Host"] == f"127.0.0.1:{receiver.port}"


def test_a_name_is_looked_up_once_and_its_address_is_used(outbound, site, says, names) -> None:
    receiver = site(says(200, b"well"))
    names["songs.example"] = ["127.0.0.1", "8.8.8.8"]
    assert outbound.download(receiver.url(host="songs.example"), seconds=5, most=100).body == b"well"
    assert names["songs.example"] == ["8.8.8.8"]
    assert receiver.asked[0][2]["Host"] == f"songs.example:{receiver.port}"


@pytest.mark.parametrize(
    "addresses",
    [
        "127.0.0.1",
        "8.8.8.8 127.0.0.1",
        "127.0.0.1 8.8.8.8",
        "10.0.0.1",
        "169.254.169.254",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "fe80::1",
    ],
)
def test_a_name_that_leads_inside_is_never_connected_to(addresses: str, site, says, names) -> None:
    inside = site(says(200))
    names["evil.example"] = [addresses]
    with pytest.raises(ForbiddenUrl):
        Outbound().post(inside.url(host="evil.example"), b"", {}, seconds=5)
    assert inside.asked == []


def test_a_name_that_changes_its_mind_after_the_check_gains_nothing(site, says, names) -> None:
    inside = site(says(200))
    client = Outbound(["198.51.100.0/24"])
    names["rebinding.example"] = ["198.51.100.7", "127.0.0.1"]
    with pytest.raises(OutboundError):
        client.post(inside.url(host="rebinding.example"), b"", {}, seconds=0.3)
    assert inside.asked == []


def test_an_allowed_host_may_lead_inside(site, says, names) -> None:
    receiver = site(says(200))
    names["hooks.lan"] = ["127.0.0.1"]
    assert Outbound(["hooks.lan"]).post(receiver.url(host="hooks.lan"), b"", {}, seconds=5).status == 200


def test_proxies_of_the_environment_are_not_asked(outbound, site, says, monkeypatch) -> None:
    receiver, proxy = site(says(200)), site(says(418))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url())
    assert outbound.post(receiver.url(), b"", {}, seconds=5).status == 200
    assert proxy.asked == []


def test_a_post_does_not_follow_redirects(outbound, site, says) -> None:
    target = site(says(200))
    receiver = site(says(307, Location=target.url()))
    assert outbound.post(receiver.url(), b"", {}, seconds=5).status == 307
    assert target.asked == []


def test_a_download_follows_three_redirects_and_no_more(outbound, site, says) -> None:
    url = site(says(200, b"song")).url()
    for _ in range(3):
        url = site(says(302, Location=url)).url()
    assert outbound.download(url, seconds=5, most=10).body == b"song"
    url = site(says(302, Location=url)).url()
    with pytest.raises(OutboundError, match="redirects"):
        outbound.download(url, seconds=5, most=10)


def test_a_redirect_to_the_inside_is_refused(site, says, names) -> None:
    inside = site(says(200, b"secret"))
    names["songs.lan"] = ["127.0.0.1"]
    for target in (inside.url(), inside.url(host="localhost"), "file:///etc/passwd", "http://[::1"):
        outside = site(says(302, Location=target))
        with pytest.raises(ForbiddenUrl):
            Outbound(["songs.lan"]).download(outside.url(host="songs.lan"), seconds=5, most=10)
    assert inside.asked == []


def test_a_relative_redirect_stays_on_its_host(outbound, site, says) -> None:
    def play(request) -> None:
        (says(200, b"there") if request.path == "/there" else says(302, Location="/there"))(request)

    assert outbound.download(site(play).url("/here"), seconds=5, most=10).body == b"there"


def test_a_download_larger_than_allowed_is_broken_off(outbound, site, says) -> None:
    with pytest.raises(TooLarge):
        outbound.download(site(says(200, b"a" * 101)).url(), seconds=5, most=100)

    def unannounced(request) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(b"a" * 1000)

    with pytest.raises(TooLarge):
        outbound.download(site(unannounced).url(), seconds=5, most=100_000)


def test_an_answer_that_drips_is_not_waited_for_beyond_its_time(outbound, site) -> None:
    def drip(request) -> None:
        for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000:
            request.wfile.write(bytes([byte]))
            request.wfile.flush()
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(OutboundError, match="in time"):
        outbound.post(site(drip).url(), b"", {}, seconds=0.5)
    assert time.monotonic() - began < 5


def test_what_does_not_answer_is_an_error(outbound, names) -> None:
    for url in ("http://127.0.0.1:1/", "http://nowhere.example/"):
        with pytest.raises((OutboundError, ForbiddenUrl)):
            outbound.post(url, b"", {}, seconds=2)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for songs.example, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=songs.example -addext"
    more = ["subjectAltName=DNS:songs.example", "-out", str(files[0]), "-keyout", str(files[1])]
    subprocess.run([*command.split(), *more], check=True, capture_output=True)
    return files


def test_a_certificate_must_be_of_the_name_that_was_asked_for(certificate, site, says, names) -> None:
    receiver = site(says(200))
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(*certificate)
    receiver.server.socket = secured.wrap_socket(receiver.server.socket, server_side=True)
    client = Outbound(LOOPBACK, trust=ssl.create_default_context(cafile=str(certificate[0])))
    names["songs.example"] = names["other.example"] = ["127.0.0.1"]
    assert client.post(f"https://songs.example:{receiver.port}/", b"", {}, seconds=5).status == 200
    for url in (f"https://other.example:{receiver.port}/", f"https://127.0.0.1:{receiver.port}/"):
        with pytest.raises(OutboundError, match="certificate"):
            client.post(url, b"", {}, seconds=5)
    with pytest.raises(OutboundError, match="certificate"):
        Outbound(LOOPBACK).post(f"https://songs.example:{receiver.port}/", b"", {}, seconds=5)
