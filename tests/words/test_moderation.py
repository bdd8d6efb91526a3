"""What is refused, and above all what is not."""

import pytest

from descant.words.errors import RefusedText, RefusedTextError
from descant.words.moderation import check


@pytest.mark.parametrize(
    "text",
    [
        "I would kill for you",
        "my child, you are growing up so fast",
        "kids playing naked in the summer rain",
        "a schoolgirl crush and a first kiss",
        "a sexy song in A minor",
        "they tried to kill the Jews and we remember",
        "she could have killed me with that look",
        "fuck the system, burn it down",
        "the whites of your eyes in the black of the night",
        "in the style of a famous singer",
        "I wanted to die when you left",
        "",
    ],
)
def test_songs_about_hard_things_pass(text):
    check(text)


@pytest.mark.parametrize(
    "text", ["a 13 year old girl naked", "k1ll all jews", "go kill yourself", "Sieg Heil forever", "gas the immigrants"]
)
def test_the_worst_is_refused_with_its_words(text):
    with pytest.raises(RefusedTextError) as refusal:
        check(text)
    assert refusal.value.snippet
    assert refusal.value.snippet in str(refusal.value)
    assert RefusedText is RefusedTextError
