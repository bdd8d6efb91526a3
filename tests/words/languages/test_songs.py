"""Lyrics in other languages as whole texts: sections, repeats, directives about the language, mixed songs."""

import pytest

from descant.song.brief import Brief
from descant.words.lyrics import parse
from descant.words.moderation import check
from descant.words.reading import read

MIXED = """[Verse 1]
I saw you standing by the river
You were singing in the morning light

[Estribillo]
Quiero vivir sin miedo a caer (sin miedo)
Bailamos descalzos bajo la luna llena
La la la la

[Couplet]
Je marche seul sous les étoiles
Oh, baby, don't let me go

[Estribillo]
"""


def languages(lyrics):
    return [line.language for line in lyrics.lines]


def test_a_mixed_song_is_read_line_by_line():
    lyrics = parse(MIXED)
    assert languages(lyrics) == ["en", "en", "es", "es", "es", "fr", "en", "es", "es", "es"]
    assert lyrics.notes == ()
    echo = lyrics.sections[1].lines[0].echo
    assert [syllable.phones for syllable in echo[-1].syllables] == [("m", "j", "e"), ("ð", "o")]


def test_no_word_of_a_mixed_song_is_lost():
    sung = " ".join(word.text for line in parse(MIXED).lines for word in (*line.words, *line.echo)).split()
    verses = [line for line in MIXED.splitlines() if line and not line.startswith("[")]
    written = " ".join(verses + verses[2:5]).replace("(", "").replace(")", "").split()
    assert sung == written


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("Estrofa 1", "verse"),
        ("Estribillo", "chorus"),
        ("Pre-coro", "pre-chorus"),
        ("Puente", "bridge"),
        ("Refrão", "chorus"),
        ("Pré-refrão", "pre-chorus"),
        ("Strofa 2", "verse"),
        ("Ritornello", "chorus"),
        ("Couplet 2", "verse"),
        ("Refrain final", "chorus"),
        ("Pont", "bridge"),
        ("2. Strophe", "verse"),
        ("Kehrvers", "chorus"),
        ("Zwischenspiel", "interlude"),
        ("Brücke", "bridge"),
        ("Refrein", "chorus"),
        ("Brug", "bridge"),
        ("Tussenspel", "interlude"),
        ("Zwrotka 1", "verse"),
        ("Przedrefren", "pre-chorus"),
        ("Refren", "chorus"),
        ("Mostek", "bridge"),
        ("Zakończenie", "outro"),
    ],
)
def test_sections_are_named_in_their_language(tag, kind):
    assert parse(f"[{tag}]\nMaria").sections[0].kind.value == kind


@pytest.mark.parametrize("mark", ["(2 veces)", "(2 fois)", "(2 volte)", "(2 mal)", "(2 razy)", "(2 keer)", "(2 vezes)"])
def test_repeat_marks_in_words(mark):
    assert len(parse(f"[Verse]\nMaria, Maria {mark}").lines) == 2


def test_a_repeated_chorus_may_be_asked_for_in_its_language():
    lyrics = parse("[Refrain]\nOn danse dans la rue\n\n[Couplet]\nJe marche seul\n\n[Répéter refrain]")
    assert lyrics.sections[2].lines == lyrics.sections[0].lines


def test_a_language_tag_decides_for_what_follows():
    lyrics = parse("[Language: Portuguese]\nMaria\n[Verse 2: in Italian]\nMaria\n[Chorus]\nMaria")
    assert languages(lyrics) == ["pt", "it", "pt"]
    assert lyrics.notes == ()


def test_tags_and_descriptions_say_the_language_of_words_that_do_not():
    assert languages(read(Brief(seed=1, lyrics="Maria, Maria", tags="pop, in Spanish")).lyrics) == ["es"]
    described = Brief(seed=1, lyrics="Maria, Maria", description="a slow song sung in Italian")
    assert languages(read(described).lyrics) == ["it"]
    assert languages(read(Brief(seed=1, lyrics="Hold on to me", tags="pop, in Spanish")).lyrics) == ["en"]


def test_words_between_asterisks_are_stressed_in_any_language():
    line = parse("Quiero *luz* en la noche").lines[0]
    assert [word.syllables[0].weight.value for word in line.words][:2] == ["S", "S"]


def test_long_lines_are_parted_at_the_joining_words_of_their_language():
    lines = parse("Camino por la ciudad dormida buscando tu nombre porque la noche me dijo que vendrías").lines
    assert len(lines) == 2
    assert lines[1].words[0].spoken.split()[0] in {"porque", "buscando", "que"}


def test_innocent_words_of_other_languages_are_not_refused():
    for text in (MIXED, "Die Kinder spielen im Regen", "Los niños juegan y los ángeles mueren de amor"):
        check(text)


def test_words_that_are_written_in_english_say_so_where_another_language_was_asked_for():
    reading = read(Brief(seed=1, description="a sad song in French about the sea"))
    assert set(languages(reading.lyrics)) == {"en"}
    assert any("French" in note for note in reading.lyrics.notes)
