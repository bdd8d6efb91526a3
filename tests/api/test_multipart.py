"""Forms read piece by piece: whole ones, ones cut anywhere, and ones that are none."""

import io
import random

import pytest

from descant.api.multipart import FIELD_MAX, HEADERS_MAX, PARTS_MAX, FormError, Reader, boundary_of

SONG = random.Random(1).randbytes(5000) + b"\r\n--ed\r\n--edg eless\r\n\r\n--" + bytes(100)


def part(name: str, data: bytes, more: str = "") -> bytes:
    return f'--edge\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + data + b"\r\n"


WHOLE = (
    b"a preamble\r\n"
    + part("title", "Été".encode())
    + part("file", SONG, '; filename="my \\"song\\".mp3"\r\nContent-Type: audio/mpeg')
    + part("lyrics", b"la\r\nla")
    + b"--edge--\r\nan epilogue"
)


def read(body: bytes, size: int = 1 << 20) -> tuple[Reader, bytes]:
    file = io.BytesIO()
    reader = Reader(b"edge", file)
    for start in range(0, len(body), size):
        reader.feed(body[start : start + size])
    return reader, file.getvalue()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 4096, 1 << 20])
def test_a_form_is_read_however_it_is_cut(size: int) -> None:
    reader, data = read(WHOLE, size)
    form = reader.finish()
    assert data == SONG
    assert form.fields == {"title": "Été", "lyrics": "la\r\nla"}
    assert form.file_name == 'my "song".mp3'


def test_an_empty_file_and_an_empty_field_are_read() -> None:
    reader, data = read(part("file", b"", '; filename=""') + part("title", b"") + b"--edge--")
    assert (data, reader.finish().fields, reader.form.file_name) == (b"", {"title": ""}, "")


def test_a_name_in_any_script_is_read() -> None:
    reader, _ = read(part("file", b"x", "; filename*=UTF-8''%C3%A9t%C3%A9.wav") + b"--edge--")
    assert reader.finish().file_name == "été.wav"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "breaks off"),
        (b"no form at all", "breaks off"),
        (WHOLE[:3000], "breaks off"),
        (WHOLE[: WHOLE.index(b"--edge--") + 7], "breaks off"),
        (SONG.join([b"--edge\r\n\r\n", b"\r\n--edge--"]), "no Content-Disposition"),
        (b"--edge\r\nContent-Disposition: attachment\r\n\r\nx\r\n--edge--", "no Content-Disposition"),
        (b"--edge\r\nX: " + b"y" * HEADERS_MAX + b"\r\n\r\n", "headers of a part are longer"),
        (b"--edge\r\nX: " + b"y" * HEADERS_MAX * 2, "headers of a part are longer"),
        (b"--edge" + b" " * HEADERS_MAX * 2, "begins as a separator"),
        (part("file", b"x\r\n--edgeless"), "begins as a separator"),
        (part("lyrics", b"x" * (FIELD_MAX + 1)) + b"--edge--", "'lyrics' is longer"),
        (part("title", b"\xff") + b"--edge--", "not UTF-8"),
        (part("file", b"a") * 2 + b"--edge--", "more than one 'file'"),
        (part("title", b"a") * (PARTS_MAX + 1) + b"--edge--", "more than 16 parts"),
    ],
)
def test_what_is_no_form_of_ours_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(FormError, match=said):
        read(body, 1000)[0].finish()


def test_any_mutation_is_read_or_refused() -> None:
    dice = random.Random(2)
    outcomes = {True: 0, False: 0}
    for _ in range(500):
        body = bytearray(WHOLE)
        for _ in range(dice.choice((1, 3, 30))):
            place = dice.randrange(len(body))
            body[place : place + dice.randrange(3)] = dice.choice(
                (b"", b"\r\n", b"--", b"--edge", b'"', b"\0", b"\xff")
            )
        try:
            read(bytes(body), dice.choice((1, 100, 10_000)))[0].finish()
            outcomes[True] += 1
        except FormError:
            outcomes[False] += 1
    assert min(outcomes.values()) > 20


@pytest.mark.parametrize(
    ("header", "boundary"),
    [
        ("multipart/form-data; boundary=edge", b"edge"),
        ('Multipart/Form-Data; charset=utf-8; boundary="an edge:2"', b"an edge:2"),
        ("application/json", None),
        ("", None),
        ("multipart/mixed; boundary=edge", None),
    ],
)
def test_the_separator_of_a_form_is_in_its_header(header: str, boundary: bytes | None) -> None:
    assert boundary_of(header) == boundary


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=" + "a" * 71, '; boundary="a b "', "; boundary=é"])
def test_a_form_without_a_valid_separator_is_refused(boundary: str) -> None:
    with pytest.raises(FormError):
        boundary_of("multipart/form-data" + boundary)
