"""How words are said: syllable counts, sounds, stress, letters."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.song.lyrics import SyllableClass
from descant.words import lexicon
from descant.words.dictionary import Dictionary
from descant.words.errors import LexiconMissingError
from descant.words.phones import CONSONANTS, VOWELS, sound_of, syllabify

TRICKY_LINES = [
    ("Ev'ry little thing she does", "2 2 1 1 1"),
    ("Every rose and everybody", "2 1 1 4"),
    ("Don't you know I'm sooooo in love?", "1 1 1 1 1 1 1"),
    ("'Cause heav'n knows o'er and o'er", "1 1 1 1 1 1"),
    ("She's got 99 problems & I'm #1", "1 1 3 2 1 1 3"),
    ("Back in 1999, the 80s, 2005", "1 1 5 1 2 4"),
    ("See you at 3:30 on the 21st", "1 1 1 3 1 1 3"),
    ("$100 at 7am, 50% off", "5 1 4 4 1"),
    ("Na-na-na lalala ooooh oh-oh", "3 3 1 2"),
    ("Mmm hmm shh whoa-oh yeahhh", "1 1 1 2 1"),
    ("Runnin' and dancin' with the DJ in NYC", "2 1 2 1 1 2 1 3"),
    ("I'd've told them they'll've gone", "2 1 1 2 1"),
    ("My café in Zürich is naïve", "1 2 1 2 1 2"),
    ("Heartstrings, moonbeams and wildflowers", "2 2 1 3"),
    ("A 24/7 poem for the lion's science", "1 5 2 1 1 2 2"),
    ("well—listen… baby/darling", "1 2 4"),
    ("Blorptastic zorbing in Quxville", "3 2 1 2"),
    ("freeeee loooove heyyyy", "1 1 1"),
    ("Whatever, wherever, forevermore", "3 3 4"),
    ("The hour, the fire, the flower, the power", "1 2 1 2 1 2 1 2"),
]


@pytest.mark.parametrize(("line", "counts"), TRICKY_LINES)
def test_tricky_lines_have_the_expected_syllables(line, counts):
    tokens = line.replace("—", "— ").replace("…", "… ").split()
    found = [len(lexicon.word(token).syllables) for token in tokens if lexicon.can_say(token)]
    assert found == [int(count) for count in counts.split()]


@pytest.mark.parametrize(
    ("line", "position", "vowel_or_phones"),
    [
        ("I read it every day", 1, "r iy d"),
        ("I have read it all", 2, "r eh d"),
        ("lead me home", 0, "l iy d"),
        ("a heart of lead", 3, "l eh d"),
        ("where the wild winds wind", 2, "w ay l d"),
        ("the wind is cold", 1, "w ih n d"),
        ("rivers wind along", 1, "w ay n d"),
        ("don't tear us apart", 1, "t eh r"),
        ("one more tear", 2, "t iy r"),
        ("close your eyes", 0, "k l ow z"),
        ("come close to me", 1, "k l ow s"),
        ("I live for this", 1, "l ih v"),
        ("we're going live", 2, "l ay v"),
        ("a live wire", 1, "l ay v"),
        ("the ocean", 0, "dh iy"),
        ("the sea", 0, "dh ax"),
        ("what's the use", 2, "y uw s"),
        ("use me", 0, "y uw z"),
        ("take a bow", 2, "b aw"),
    ],
)
def test_homographs_follow_their_neighbours(line, position, vowel_or_phones):
    tokens = line.split()
    word = lexicon.word(tokens[position], before=tokens[:position], after=tokens[position + 1 :])
    assert " ".join(phone for syllable in word.syllables for phone in syllable.phones) == vowel_or_phones


@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        ("beautiful", "beau-ti-ful"), ("little", "lit-tle"), ("California", "Ca-li-for-nia"), ("lonely", "lone-ly"),
        ("tomorrow", "to-mor-row"), ("butterfly", "but-ter-fly"), ("poem", "po-em"), ("rhythm", "rhy-thm"),
        ("someone's", "some-one's"), ("pocketknife", "po-cket-knife"), ("seeing", "see-ing"), ("window", "win-dow"),
        ("hallelujah", "hal-le-lu-jah"),
        ("somewhere", "some-where"), ("people", "peo-ple"), ("ev'ry", "ev-'ry"), ("ocean", "o-cean"),
    ],
)  # fmt: skip
def test_letters_are_shared_out_over_syllables_with_long_onsets(written, pieces):
    assert "-".join(syllable.text for syllable in lexicon.word(written).syllables) == pieces


@pytest.mark.parametrize(
    ("word", "classes"),
    [
        ("beautiful", "SUU"), ("understand", "sUS"), ("moonlight", "Ss"), ("information", "sUSU"), ("myself", "sS"),
        ("the", "F"), ("love", "C"), ("everybody", "SUsU"), ("la-la-la", "CCC"), ("goodbye", "sS"), ("tonight", "US"),
        ("afternoon", "sUS"), ("celebrate", "SUs"),
    ],
)  # fmt: skip
def test_stress_classes_follow_english(word, classes):
    assert "".join(syllable.weight for syllable in lexicon.word(word).syllables) == classes


def test_polysyllables_have_exactly_one_primary_stress():
    for spoken in (
        "hallelujah",
        "instagram",
        "televisions",
        "heartstrings",
        "nobody's",
        "zorbification",
        "unbelievable",
    ):
        assert sum(syllable.stress == 1 for syllable in lexicon.word(spoken).syllables) == 1


def test_initials_are_spelled_and_words_in_capitals_are_not():
    assert lexicon.word("NYC").spoken == "n y c"
    assert lexicon.word("LOVE").spoken == "love"
    assert lexicon.word("OOH").syllables[0].phones == ("uw",)


def test_a_clipped_g_is_a_plain_n():
    assert lexicon.word("runnin'").syllables[-1].phones == ("n", "ih", "n")


def test_possessives_and_plurals_take_the_right_s():
    ends = {token: lexicon.word(token).syllables[-1].phones[-1] for token in ("cat's", "dog's", "boss's")}
    assert ends == {"cat's": "s", "dog's": "z", "boss's": "z"}


def test_function_words_are_marked():
    assert lexicon.word("with").syllables[0].weight is SyllableClass.FUNCTION
    assert lexicon.word("fire").syllables[0].weight is SyllableClass.STRESSED


def test_a_missing_dictionary_names_the_package_to_install(tmp_path: Path):
    with pytest.raises(LexiconMissingError, match="apt install festlex-cmu"):
        Dictionary(tmp_path / "nothing.out")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz'-é", min_size=1, max_size=14).filter(lexicon.can_say))
def test_any_spelling_is_sung_on_one_vowel_a_syllable(token):
    word = lexicon.word(token)
    assert word.syllables
    for syllable in word.syllables:
        assert sum(phone in VOWELS for phone in syllable.phones) == 1
        assert set(syllable.phones) <= VOWELS | CONSONANTS


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["hello", "wandering", "strawberries", "midnight", "neighborhood", "electric", "tomorrow's"]))
def test_the_pieces_of_a_word_join_to_its_letters(written):
    assert "".join(syllable.text for syllable in lexicon.word(written).syllables) == written


def test_syllables_take_the_longest_onset_english_allows():
    assert syllabify(["ae", "s", "t", "r", "ow"]) == (("ae",), ("s", "t", "r", "ow"))
    assert syllabify(["s", "ih", "ng", "ih", "ng"]) == (("s", "ih", "ng"), ("ih", "ng"))
    assert syllabify(["s", "t"]) == (("s", "ax", "t"),)


def test_written_sounds_mark_stress():
    assert sound_of("m ay | 's eh l f") == ((("m", "ay"), 0), (("s", "eh", "l", "f"), 1))


def test_every_written_sound_in_the_tables_can_be_sung():
    from descant.words.data import load

    tables = load("english/pronunciations.toml")
    for table in ("sung", "contractions", "poetic", "slang", "vocables", "words", "letters"):
        for spelling, text in tables[table].items():
            for phones, _ in sound_of(text):
                assert sum(phone in VOWELS for phone in phones) == 1, spelling
                assert set(phones) <= VOWELS | CONSONANTS, spelling
    homographs = load("english/homographs.toml")
    for entry in homographs.values():
        for text in [entry["sound"], *(rule["sound"] for rule in entry.get("rules", ()))]:
            assert all(sum(phone in VOWELS for phone in phones) == 1 for phones, _ in sound_of(text))


def test_sounds_never_put_two_consonant_onsets_english_lacks_at_a_seam():
    for token in ("heartstrings", "moonbeams", "zorbing"):
        syllables = [syllable.phones for syllable in lexicon.word(token).syllables]
        for left, right in pairwise(syllables):
            assert left
            assert right
