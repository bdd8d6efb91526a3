"""What a recording is called when nobody says."""

import pytest

from descant.service.uploads import naming


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("my_song (final).MP3", "my song (final)"),
        ("C:\\Users\\me\\take 2.wav", "take 2"),
        ("../../etc/passwd", "passwd"),
        (".mp3", naming.UNNAMED),
        ("", naming.UNNAMED),
        ("a" * 200 + ".wav", "a" * 80),
        ("tab\tand\x00nul.ogg", "tab and nul"),
        ("Ungültig – ñ.flac", "Ungültig – ñ"),
    ],
)
def test_a_recording_is_called_as_its_file(name: str, title: str) -> None:
    assert naming.of_file(name) == title


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("https://a.example/x/My%20Song.mp3?token=1", "My Song"),
        ("https://a.example/", naming.UNNAMED),
        ("https://a.example/%ff%fe.mp3", "\ufffd\ufffd"),
        ("https://a.example/a%2Fb.mp3", "b"),
    ],
)
def test_a_recording_is_called_as_the_end_of_its_address(address: str, title: str) -> None:
    assert naming.of_url(address) == title
