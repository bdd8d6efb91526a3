import pytest

from descant.net.destinations import Allowed, ForbiddenUrl, parse

HOSTILE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.0.0.1./",
    "http://0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fd00::1]:8080/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://192.168.0.1:8080/",
    "http://100.64.0.1/",
    "http://１２７.０.０.１/",
    "http://127。0。0。1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://localhost/",
    "http://LOCALHOST:8000/",
    "http://songs.localhost/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://database/",
    "http://a:b@example.org/",
    "http://example.org@127.0.0.1/",
    "https://example.org:22/",
    "https://example.org:25/",
    "ftp://example.org/",
    "file:///etc/passwd",
    "gopher://example.org/",
    "//example.org/",
    "example.org",
    "http://",
    "https:///path",
    "http://exa mple.org/",
    "http://example.org/a b",
    "http://example.org:99999/",
    "http://example.org:0/",
    "http://[::1/",
    "http://example.org\\@127.0.0.1/",
    "http://127.0.0.1\\.example.org/",
    "http://example.org\n.evil/",
    "http://exa%6dple.org/",
    "http://127.0.0.1%00.example.org/",
    "",
    "https://example.org/" + "a" * 3000,
]


@pytest.mark.parametrize("url", HOSTILE)
def test_addresses_that_lead_inside_or_nowhere_are_refused(url: str) -> None:
    with pytest.raises(ForbiddenUrl):
        parse(url, Allowed())


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook?a=1",
        "http://example.org",
        "https://example.org:8443/hook",
        "https://bücher.example.org/",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
    ],
)
def test_addresses_of_the_public_internet_are_taken(url: str) -> None:
    assert parse(url, Allowed()).host


def test_what_is_sent_of_an_address_is_what_it_says() -> None:
    url = parse("https://Bücher.example.org:8443/a%20b/ü?q=1&r=é#part", Allowed())
    assert url.host == "xn--bcher-kva.example.org"
    assert url.authority == "xn--bcher-kva.example.org:8443"
    assert url.target == "/a%20b/%C3%BC?q=1&r=%C3%A9"
    assert parse("http://8.8.8.8:80", Allowed()).authority == "8.8.8.8"


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("hooks.lan", "http://hooks.lan:99/"),
        ("hooks", "http://HOOKS./"),
        ("*.lan", "http://a.b.lan/"),
        ("127.0.0.0/8", "http://127.1:8080/"),
        ("127.0.0.1", "http://[::ffff:127.0.0.1]/"),
        ("fd00::/8", "http://[fd00::1]/"),
    ],
)
def test_what_the_operator_allowed_is_taken(entry: str, url: str) -> None:
    with pytest.raises(ForbiddenUrl):
        parse(url, Allowed())
    assert parse(url, Allowed([entry])).host


def test_an_allowed_host_does_not_allow_its_neighbours() -> None:
    allowed = Allowed(["hooks.lan", "*.lab.lan", "10.0.0.0/8"])
    for url in ("http://evil-hooks.lan.localhost/", "http://lab/", "http://192.168.0.1/", "http://11/"):
        with pytest.raises(ForbiddenUrl):
            parse(url, allowed)
