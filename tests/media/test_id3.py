import io

import pytest
from mutagen.id3 import ID3

from descant.media import id3

TAGS = id3.Tags(
    title="Über das Wasser 水",
    genre="pop",
    comment="pop, dreamy",
    lyrics="[Verse]\nThe water falls",
    bpm=96.4,
    key="Eb minor",
    cover=b"\xff\xd8 a picture \xff\xd9",
    words=(("The", 0.5), ("water", 1.25)),
)


@pytest.fixture(scope="module")
def read():
    return ID3(io.BytesIO(id3.encode(TAGS)))


def test_an_outside_reader_sees_every_field(read):
    assert read.version == (2, 3, 0)
    expected = {
        "TIT2": TAGS.title,
        "TPE1": "Descant",
        "TALB": "Descant",
        "TCON": "pop",
        "TBPM": "96",
        "TKEY": "Ebm",
        "TSSE": "Descant",
    }
    assert {name: str(read[name]) for name in expected} == expected
    assert read.getall("COMM")[0].text == ["pop, dreamy"]
    assert read.getall("USLT")[0].text == TAGS.lyrics
    assert read.getall("USLT")[0].lang == "eng"


def test_the_cover_is_a_front_cover(read):
    picture = read.getall("APIC")[0]
    assert (picture.mime, picture.type, picture.data) == ("image/jpeg", 3, TAGS.cover)


def test_words_carry_their_times(read):
    assert read.getall("SYLT")[0].text == [("The", 500), ("water", 1250)]


def test_empty_fields_leave_no_frame():
    bare = ID3(io.BytesIO(id3.encode(id3.Tags(title="Water"))))
    assert set(bare) == {"TIT2", "TPE1", "TALB", "TSSE"}


@pytest.mark.parametrize(
    ("key", "short"), [("C major", "C"), ("F# harmonic minor", "F#m"), ("Bb mixolydian", "Bb"), ("", "")]
)
def test_keys_take_three_letters(key, short):
    assert id3.initial_key(key) == short


def test_a_tag_longer_than_its_size_field_byte_is_read_whole():
    long = ID3(io.BytesIO(id3.encode(id3.Tags(lyrics="la " * 100_000))))
    assert len(long.getall("USLT")[0].text) == 300_000
