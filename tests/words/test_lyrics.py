"""How lyrics are read: tags of every form, repeats, backing voices, directions, and lyrics without any tag."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.song.lyrics import SectionKind
from descant.words.errors import NothingToSingError
from descant.words.languages.ipa import NUCLEI
from descant.words.lines import MAX_SYLLABLES
from descant.words.lyrics import parse
from descant.words.phones import VOWELS


def words(line):
    return " ".join(word.text for word in line.words)


def kinds(text):
    return [section.kind.value for section in parse(text).sections]


@pytest.mark.parametrize(
    ("tag", "kind", "label", "directives"),
    [
        ("[Verse 1]", "verse", "Verse 1", ()),
        ("[VERSE TWO: whispered, half-time]", "verse", "VERSE TWO", ("two", "whispered", "half-time")),
        ("[verse 2: whispered, half-time]", "verse", "Verse 2", ("whispered", "half-time")),
        ("[Pre-Chorus]", "pre-chorus", "Pre-Chorus", ()),
        ("[PreChorus 2]", "pre-chorus", "PreChorus 2", ()),
        ("[Hook]", "chorus", "Hook", ()),
        ("[Post-Chorus | chant]", "post-chorus", "Post-Chorus", ("chant",)),
        ("[Bridge - soft]", "bridge", "Bridge", ("soft",)),
        ("[Final Chorus]", "chorus", "Final Chorus", ("final",)),
        ("[Estribillo]", "chorus", "Estribillo", ()),
        ("[Couplet 1]", "verse", "Couplet 1", ()),
        ("[Припев]", "chorus", "Припев", ()),
        ("[サビ]", "chorus", "サビ", ()),
        ("[主歌]", "verse", "主歌", ()),
        ("[Refrão]", "chorus", "Refrão", ()),
        ("[Middle 8]", "bridge", "Middle 8", ()),
        ("[Build-Up]", "build", "Build-Up", ()),
        ("[Beat Drop]", "drop", "Beat Drop", ()),
        ("[Outro (fading)]", "outro", "Outro", ("fading",)),
        ("## Bridge", "bridge", "Bridge", ()),
        ("**Chorus**", "chorus", "Chorus", ()),
        ("Verse 2:", "verse", "Verse 2", ()),
        ("CHORUS", "chorus", "CHORUS", ()),
        ("{start_of_chorus}", "chorus", "Chorus", ()),
    ],
)
def test_section_tags_of_every_form(tag, kind, label, directives):
    section = parse(f"{tag}\nhold on to me").sections[0]
    assert section.kind.value == kind
    if "TWO" not in tag:
        assert section.label == label
        assert section.directives == directives
    assert words(section.lines[0]) == "hold on to me"


def test_instrumental_tags_name_their_instrument():
    lyrics = parse("[Intro]\n[Verse]\nsing it\n[Guitar Solo]\n[Sax Solo]\n[Instrumental Break]\n[Outro]")
    assert [(s.kind.value, s.directives) for s in lyrics.sections] == [
        ("intro", ()),
        ("verse", ()),
        ("solo", ("guitar",)),
        ("solo", ("sax",)),
        ("interlude", ()),
        ("outro", ()),
    ]
    assert all(not section.lines for section in lyrics.sections if section.kind is not SectionKind.VERSE)


def test_a_lone_chorus_tag_sings_the_earlier_chorus_again():
    lyrics = parse("[Chorus]\nhold on\n[Verse]\nwalking home\n[Chorus]\n[Bridge]\nwait")
    assert lyrics.sections[2].lines == lyrics.sections[0].lines
    assert words(lyrics.sections[0].lines[0]) == "hold on"


@pytest.mark.parametrize(
    "again", ["[Repeat Chorus]", "(repeat chorus)", "repeat chorus", "[Chorus] ", "[Chorus - repeat]"]
)
def test_a_chorus_can_be_asked_for_again_in_words(again):
    lyrics = parse(f"[Chorus]\nhold on to the glow\n\n[Verse]\nwalking home\n\n{again}")
    assert lyrics.sections[-1].kind is SectionKind.CHORUS
    assert lyrics.sections[-1].lines == lyrics.sections[0].lines


@pytest.mark.parametrize("mark", ["(x2)", "x2", "[x2]", "×2", "(2x)", "(repeat 2x)", "(bis)"])
def test_a_repeat_mark_sings_the_line_again(mark):
    lines = parse(f"[Verse]\nlet it be {mark}\nagain").sections[0].lines
    assert [words(line) for line in lines] == ["let it be", "let it be", "again"]


def test_a_section_can_be_asked_for_twice():
    assert kinds("[Chorus x2]\nhold on\n[Outro]") == ["chorus", "chorus", "outro"]


def test_a_repeat_mark_alone_repeats_the_stanza():
    lines = parse("[Verse]\none day\ntwo days\n(x2)").sections[0].lines
    assert [words(line) for line in lines] == ["one day", "two days", "one day", "two days"]


def test_parentheses_at_a_lines_end_are_an_echo():
    line = parse("I love you (love you)").lines[0]
    assert words(line) == "I love you"
    assert [word.text for word in line.echo] == ["love", "you"]
    assert not line.backing


def test_a_line_in_parentheses_is_for_the_backing_voices():
    line = parse("[Verse]\n(ooh, la la)").lines[0]
    assert line.backing
    assert words(line) == "ooh, la la"


def test_parentheses_inside_a_line_part_it_without_losing_words():
    lines = parse("(ooh) I want you so (want you so) until the end").lines
    assert [(words(line), line.backing, len(line.echo)) for line in lines] == [
        ("ooh", True, 0),
        ("I want you so", False, 3),
        ("until the end", False, 0),
    ]


def test_effects_and_stage_directions_are_noted_and_not_sung():
    lyrics = parse("[Verse]\nhello [laughs] again\n*thunder rolls*\n(sighs)\nthe (pouring rain)")
    assert [words(line) for line in lyrics.lines] == ["hello again", "the"]
    assert [word.text for word in lyrics.lines[1].echo] == ["pouring", "rain"]
    assert sum("not sung" in note for note in lyrics.notes) == 3


def test_asterisks_capitals_and_exclamation_marks_stress_a_word():
    line = parse("I *need* you HERE with me now!").lines[0]
    assert [word.syllables[0].weight.value for word in line.words] == ["F", "S", "F", "S", "F", "F", "S"]


def test_a_small_word_that_ends_a_phrase_carries_weight():
    line = parse("let it be, waiting for me").lines[0]
    assert "".join(syllable.weight for syllable in line.syllables) == "CFCSUFC"


def test_a_line_all_in_capitals_is_shouted():
    assert parse("[Verse]\nWE WILL NOT GO").lines[0].delivery == "shouted"


@pytest.mark.parametrize(
    ("tag", "delivery"), [("[Rap]", "rap"), ("[Spoken]", "spoken"), ("[Whisper]", "spoken"), ("[Shout]", "shouted")]
)
def test_delivery_tags_hold_for_the_lines_that_follow(tag, delivery):
    lyrics = parse(f"[Verse]\nfirst\n{tag}\nsecond\n[Chorus]\nthird")
    assert [line.delivery for line in lyrics.lines] == ["sung", delivery, "sung"]


def test_delivery_can_stand_in_the_section_tag_or_before_a_line():
    lyrics = parse("[Verse 2: rap]\nquick words\n(spoken) just talk\nback again")
    assert [line.delivery for line in lyrics.lines] == ["rap", "spoken", "rap"]


def test_speakers_before_colons_name_the_voice():
    lyrics = parse("[Verse]\nA: where are you going\nB: only to town\nFemale: oh\nBoth: come home")
    assert [line.voice for line in lyrics.lines] == ["a", "b", "female", "both"]
    assert words(lyrics.lines[0]) == "where are you going"


def test_a_colon_inside_a_lyric_is_not_a_speaker():
    assert words(parse("[Verse]\nListen: I love you").lines[0]) == "Listen: I love you"


def test_voice_tags_hold_until_the_next_section():
    lyrics = parse("[Verse 1: Female Vocal]\none\n[Male]\ntwo\n[Chorus]\nthree")
    assert [line.voice for line in lyrics.lines] == ["female", "male", ""]


def test_chords_are_kept_aside_and_words_stay_whole():
    section = parse("[Verse]\n[Am]Walking down the [F]road to no[C]where").sections[0]
    assert words(section.lines[0]) == "Walking down the road to nowhere"
    assert section.directives == ("chords Am F C",)


def test_events_become_directives_of_the_section_they_change():
    lyrics = parse("[Chorus]\nhold on\n[Key Change]\n[Chorus]\n[Fade out]")
    assert lyrics.sections[1].directives == ("key change", "fade-out")


def test_very_long_lines_are_split_at_punctuation_or_conjunctions():
    lines = parse(
        "I said I would never go back there again because the winters are long and the evenings are colder than stone"
    ).lines
    assert len(lines) > 1
    assert all(len(line.syllables) <= MAX_SYLLABLES for line in lines)
    assert any(words(line).startswith(("because", "and")) for line in lines[1:])


def test_untagged_stanzas_that_come_again_are_the_chorus():
    chorus = "hold on to the glow\nhold on to the glow"
    text = f"walking home alone\nin the evening air\n\n{chorus}\n\nmorning on the stairs\nnobody is there\n\n{chorus}"
    assert kinds(text) == ["verse", "chorus", "verse", "chorus"]
    assert parse(text).sections[0].label == "Verse 1"


def test_untagged_stanzas_without_repetition_still_get_a_chorus():
    text = (
        "I walked along the river in the rain\nand counted all the windows of the train\n\nstay, stay\nstay with me\n\n"
        "the morning brought a letter to my door\nI never knew what I was waiting for"
    )
    assert kinds(text) == ["verse", "chorus", "verse"]


def test_one_block_is_cut_into_quatrains():
    text = "\n".join(f"line number {number} is here" for number in range(1, 13))
    assert [len(section.lines) for section in parse(text).sections] == [4, 4, 4]


def test_slashes_between_words_part_lines():
    lyrics = parse("[Verse]\nwalking home / in the rain // alone")
    assert [words(line) for line in lyrics.lines] == ["walking home", "in the rain", "alone"]


def test_a_title_line_is_taken_as_the_title():
    lyrics = parse("Title: Paper Moon\n[Verse]\nhello")
    assert lyrics.title == "Paper Moon"
    assert len(lyrics.lines) == 1


def test_other_scripts_are_sung_and_emoji_are_not():
    lyrics = parse("[Verse]\nhello мир 🎸 world")
    assert words(lyrics.lines[0]) == "hello мир world"
    assert lyrics.lines[0].language == "ru"


@pytest.mark.parametrize("text", ["", "  \n\n", "[Verse]\n[Chorus]", "🎸 …", "[Intro]\n*thunder rolls*"])
def test_lyrics_without_a_word_say_that_there_is_nothing_to_sing(text):
    with pytest.raises(NothingToSingError, match="nothing to sing"):
        parse(text)


_WORDS = "love the river running I'm don't beautiful oh-oh 24 night, home. hello! and 'cause 3:30 café"
_LINE = st.lists(st.sampled_from(re.split(" ", _WORDS)), min_size=1, max_size=24).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(_LINE, min_size=1, max_size=6))
def test_words_are_neither_dropped_nor_reordered(lines):
    lyrics = parse("[Verse]\n" + "\n".join(lines))
    assert [word.text for line in lyrics.lines for word in line.words] == " ".join(lines).split()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(_LINE, st.text(max_size=40)), min_size=1, max_size=6))
def test_every_syllable_of_any_text_has_exactly_one_vowel(lines):
    try:
        lyrics = parse("\n".join(lines))
    except NothingToSingError:
        return
    for line in lyrics.lines:
        assert line.words
        vowels = VOWELS if line.language == "en" else NUCLEI
        for word in (*line.words, *line.echo):
            assert word.syllables
            for syllable in word.syllables:
                assert sum(phone in vowels for phone in syllable.phones) == 1
