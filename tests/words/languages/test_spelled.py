"""Syllables and stress of languages that are read by their spelling.

The truth was written by hand: hyphens between syllables, capitals where the stress lies; a word of one syllable stands
alone. French words are as at a line's end, without their mute e.
"""

import re

import pytest

from descant.song.lyrics import SyllableClass
from descant.words import languages
from descant.words.languages import ipa
from descant.words.languages.language import data

TRUTH = {
    "es": """
co-ra-ZÓN ca-MI-no CA-sa MA-dre pa-LA-bra CIE-lo can-CIÓN ciu-DAD RÍ-o a-le-GRÍ-a a-HO-ra po-E-ta ma-ES-tro RUI-do
PIE-dra CUER-po CUAN-do GUE-rra gui-TA-rra pin-GÜI-no a-gua-CE-ro ÁR-bol LÁ-gri-mas rá-pi-da-MEN-te es-TRE-lla CA-lle
SUE-ño sa-BER re-LOJ ES-ta es-TÁ HIE-lo us-TED ha-BLAR o-CÉ-a-no ve-CI-no cons-truc-CIÓN ins-TAN-te ba-ÚL pa-ÍS OI-go
cons-TRU-ye u-ru-GUAY buey muy ley
""",
    "pt": """
co-ra-ÇÃO ca-MI-nho sau-DA-de vo-CÊ a-MOR ma-NHÃ LU-a RU-a a-le-GRI-a Á-gua his-TÓ-ria NOI-te BEI-jo céu mão mãos
pães li-ÇÕES ir-MÃ ÓR-fão JO-vem HO-mem ON-tem fa-LA-ram QUAN-do ci-DA-de LEI-te ra-I-nha a-IN-da ra-IZ pa-ÍS sa-Ú-de
GUER-ra LÍN-gua tran-QUI-lo ja-NEI-ro VEN-to ca-RI-nho im-pos-SÍ-vel pa-PÉIS fa-LEI sor-RI-so pa-RA-da
""",
    "it": """
a-MO-re CUO-re STRA-da NOT-te STEL-la ra-GAZ-za fa-MI-glia SO-gno PIOG-gia CIE-lo CHIE-sa GHIAC-cio AN-ge-lo TA-vo-la
MU-si-ca A-ni-ma PIC-co-lo cit-TÀ per-CHÉ fol-LI-a no-stal-GI-a SUO-no MI-o pa-U-ra PAR-la-no VI-ve-re ve-DE-re
sa-RAI noi lui vuoi ciao AC-qua quat-TOR-di-ci bel-LIS-si-mo lon-TA-no a-MI-co guar-DAR-ti fe-li-ci-TÀ BA-cio STO-ria
bi-SO-gno QUEL-lo a-IUO-la PRO-prio ci-LIE-gia in-ver-NA-le
""",
    "fr": """
a-MOUR che-MIN mai-SON é-TOILE so-LEIL chan-SON mu-SIQUE nuit ciel feu pluie cœur é-CRIRE rê-VER pa-PIER fa-MILLE
tra-VAIL oi-SEAU a-GNEAU ba-TEAU heu-REUX heu-REUSE mon-SIEUR au-TOMNE prin-TEMPS fe-NÊTRE pe-TITE pro-me-NADE
sou-ve-NIR na-TION ques-TION pa-TIENCE vo-YAGE es-su-YER cri-ER ou-bli-ER no-ËL vieux vient bien or-CHESTRE é-CHO
sou-VENT mo-MENT chantent é-TAIENT a-DIEU fille ville tran-QUILLE i-MAGE main-te-NANT en-SEMBLE
""",
    "de": """
LIE-be HER-zen STER-ne le-BEN-dig ver-GES-sen be-GIN-nen ge-FUN-den er-IN-nern zer-BRO-chen ent-DE-cken GE-hen GE-ben
GES-tern BES-ser BEI-de ER-de SEHN-sucht MOND-schein AU-gen-blick RE-gen-bo-gen FREUND-schaft EIN-sam-keit WUN-der-bar
HOFF-nung FREI-heit E-wig-keit mu-SIK me-lo-DIE na-TUR ge-SICHT ge-SCHICH-te zu-RÜCK al-LEIN wa-RUM vor-BEI AUF-ste-hen
AN-kom-men un-END-lich ZWI-schen FEU-er TREU-e STRA-ße SCHÖ-ne KÖ-nig TRÄU-me ver-STEHST traum licht herbst
""",
    "nl": """
LIEF-de HAR-ten STER-ren ver-GE-ten be-GIN-nen ge-VON-den LE-ven GE-ven BE-ter BEI-de MAAN-licht RE-gen-boog
VRIEND-schap EEN-zaam-heid VRIJ-heid mu-ZIEK me-lo-DIE na-TUUR ge-ZICHT ver-HAAL te-RUG al-LEEN mis-SCHIEN voor-BIJ
OP-staan
AAN-ko-men EIN-de-lijk EEU-wig BUI-ten DEU-ren SCHOU-der VO-gel WA-ter MOE-der VLIE-gen SCHRIJ-ven sneeuw mooi nieuw
droom licht ZEE-ën TWIN-tig DA-ge-lijks ver-LIE-zen ont-MOE-ten her-IN-ne-ring
""",
    "pl": """
MI-łość SER-ce ŚWIA-tło KSIĘ-życ SŁOŃ-ce GWIAZ-dy pio-SEN-ka dziew-CZY-na męż-CZY-zna przy-JA-ciel U-śmiech po-ca-ŁU-nek
ko-CHA-nie MU-zy-ka FI-zy-ka zro-BI-li-śmy po-je-CHA-li-śmy NIE-bo nie-BIES-ki ZIE-mia me-LO-dia his-TO-ria na-U-ka
eu-RO-pa AU-to SIOS-tra CI-sza dzień wspom-NIE-nie szczę-ŚLI-wy tęs-KNO-ta za-POM-nieć PRZE-cież KIE-dyś JES-tem
DZI-siaj jak wiatr kwiat śpiew RZE-ka CHLE-ba
""",
}


def read(code, text):
    """Return the syllables of some text."""
    return [syllable for word in languages.language(code).words(text) for syllable in word.syllables]


def spelled(code, text):
    """Return the syllables' letters with "'" before the stressed ones, words apart."""
    return " ".join(
        "-".join(f"{chr(39) * (s.stress == 1 and len(word.syllables) > 1)}{s.text}" for s in word.syllables)
        for word in languages.language(code).words(text)
    )


def sounds(code, text):
    """Return the phones of some text, syllables parted by dots."""
    return " . ".join(" ".join(syllable.phones) for syllable in read(code, text))


@pytest.mark.parametrize("code", TRUTH)
def test_words_have_the_syllables_and_the_stress_that_speakers_give_them(code):
    wrong = []
    for written in TRUTH[code].split():
        pieces = written.split("-")
        found = read(code, written.replace("-", "").lower())
        place = next((i for i, piece in enumerate(pieces) if piece.isupper()), 0)
        stressed = [i for i, syllable in enumerate(found) if syllable.stress == 1]
        if len(found) != len(pieces) or (len(pieces) > 1 and stressed != [place]):
            wrong.append((written, [syllable.text for syllable in found], stressed))
    assert len(TRUTH[code].split()) >= 40
    assert wrong == []


@pytest.mark.parametrize("code", TRUTH)
def test_every_known_word_has_one_nucleus_a_syllable_and_phones_of_the_alphabet(code):
    table = data(code)
    words = f"{table['detection']['common']} {table['function']} " + " ".join(table["exceptions"]).replace("-", "")
    for word in languages.language(code).words(words):
        for syllable in word.syllables:
            assert sum(phone in ipa.NUCLEI for phone in syllable.phones) == 1, word
            assert set(syllable.phones) <= ipa.PHONES, word


@pytest.mark.parametrize(
    ("code", "text", "heard"),
    [
        ("es", "niño", "n i . ɲ o"),
        ("es", "lluvia", "ʝ u . β j a"),
        ("es", "gente jugosa", "x e n . t e . x u . ɣ o . s a"),
        ("es", "muchacho", "m u . tʃ a . tʃ o"),
        ("pt", "coração", "k o . ɾ a . s ɐ̃ w"),
        ("pt", "gente", "ʒ ẽ . tʃ i"),
        ("pt", "trabalho", "t ɾ a . b a . ʎ u"),
        ("it", "cena", "tʃ e . n a"),
        ("it", "chiesa", "k j ɛ . z a"),
        ("it", "famiglia", "f a . m i . ʎː a"),
        ("it", "notte", "n o . tː e"),
        ("fr", "un bon vin blanc", "œ̃ . b ɔ̃ . v ɛ̃ . b l ɑ̃"),
        ("fr", "chanson", "ʃ ɑ̃ . s ɔ̃"),
        ("fr", "la lune rouge", "l a . l y . n ə . ʁ u ʒ"),
        ("de", "ich suche dich", "ɪ ç . z u . x ə . d ɪ ç"),
        ("de", "schöne Bücher", "ʃ ø . n ə . b y . ç ɐ"),
        ("de", "Deutsch", "d ɔʏ tʃ"),
        ("nl", "mijn huis", "m ɛi n . h œy s"),
        ("nl", "deur", "d ø r"),
        ("nl", "koud", "k ʌu t"),
        ("pl", "ząb", "z ɔ m p"),
        ("pl", "szczęście", "ʂ tʂ ɛ̃ . ɕ tɕ ɛ"),
        ("pl", "rzeka", "ʐ ɛ . k a"),
        ("pl", "przyjaciel", "p ʂ ɨ . j a . tɕ ɛ l"),
    ],
)
def test_letters_have_the_sounds_of_their_language(code, text, heard):
    assert sounds(code, text) == heard


@pytest.mark.parametrize(
    ("code", "text", "sung"),
    [
        ("es", "mi amor", "mi a-'mor"),
        ("es", "tierra y mar", "'tie-rra y mar"),
        ("es", "noche oscura", "'no-che os-'cu-ra"),
        ("es", "noche‿oscura", "'no-che os-'cu-ra"),
        ("it", "che io", "'che i-o"),
        ("pt", "que alma", "'que al-ma"),
    ],
)
def test_small_words_share_a_vowel_with_their_neighbours(code, text, sung):
    assert spelled(code, text) == sung


def test_a_comma_keeps_vowels_apart():
    assert len(read("es", "te amo")) == 2
    assert len(read("es", "te, amo")) == 3


def test_joined_words_are_one_word_with_both_texts():
    (word,) = languages.language("es").words("mi amor,")
    assert (word.text, word.spoken) == ("mi amor,", "mi amor")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("une petite fille", 5),  # "une" loses its e, "petite" keeps it before f
        ("la petite amie", 5),  # … and loses it before a vowel
        ("elle chante", 2),  # lost at the line's end
        ("elle chante, elle rit", 4),  # … and at a pause
        ("elle chante bien", 4),
    ],
)
def test_the_mute_e_is_sung_before_consonants_only(text, count):
    assert len(read("fr", text)) == count


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("les amis", "l e . z a . m i"),
        ("un ami", "œ̃ . n a . m i"),
        ("les héros", "l e . e . ʁ o"),
        ("c'est un rêve", "s ɛ . t œ̃ . ʁ ɛ v"),
        ("les, amis", "l e . a . m i"),
    ],
)
def test_french_words_are_linked(text, heard):
    assert sounds("fr", text) == heard


def test_the_french_accent_is_full_at_the_phrase_end_only():
    weights = [syllable.weight for syllable in read("fr", "mon amour ancien")]
    assert weights[2] is SyllableClass.SECONDARY
    assert weights[-1] is SyllableClass.STRESSED


@pytest.mark.parametrize(
    ("text", "heard"), [("w domu", "v d ɔ . m u"), ("w ciszy", "f tɕ i . ʂ ɨ"), ("z tobą", "s t ɔ . b ɔ̃")]
)
def test_polish_prepositions_without_a_vowel_lean_on_the_next_word(text, heard):
    assert sounds("pl", text) == heard


def test_a_polish_preposition_alone_can_still_be_sung():
    assert len(read("pl", "w")) == 1


@pytest.mark.parametrize("code", TRUTH)
def test_small_words_weigh_less_than_others(code):
    small = {"es": "de", "pt": "de", "it": "di", "fr": "de", "de": "von", "nl": "van", "pl": "do"}[code]
    full = {"es": "luz", "pt": "sol", "it": "blu", "fr": "nuit", "de": "Licht", "nl": "licht", "pl": "sen"}[code]
    assert read(code, small)[0].weight is SyllableClass.FUNCTION
    assert read(code, full)[0].weight is SyllableClass.CONTENT


@pytest.mark.parametrize("code", TRUTH)
def test_every_letter_of_any_text_is_in_some_word(code):
    text = (
        "¡Ñoño! d'accord, l'«été» — naïf; Straße… żółć 3,5 % B612 & co. rock'n'roll pszczół hmm brrr A.B.C. über-cool"
    )
    words = languages.language(code).words(text)
    written = re.sub(r"[\W_]", "", "".join(word.text for word in words))
    assert written == re.sub(r"[\W_]", "", text)
    assert all(word.syllables for word in words)


@pytest.mark.parametrize("code", TRUTH)
def test_elongated_words_keep_their_syllables(code):
    assert len(read(code, "sooooolo")) == len(read(code, "solo"))


def test_borrowed_english_keeps_its_sound():
    assert sounds("es", "baby") == "b e j . β i"
    assert sounds("de", "baby") == "b eɪ . b i"


def test_english_words_among_others_are_read_in_english():
    assert sounds("es", "quiero stay contigo tonight") == "k j e . ɾ o . s t eɪ . k o n . t i . ɣ o . t ə . n aɪ t"
    assert sounds("de", "wild und warm") == "v ɪ l t . ʊ n t . v a ʁ m"


def test_syllables_show_the_capitals_of_the_word():
    assert [syllable.text for syllable in read("de", "Straße")] == ["Stra", "ße"]
    assert [syllable.text for syllable in read("es", "CORAZÓN")] == ["CO", "RA", "ZÓN"]


def test_refrain_sounds_carry_weight():
    assert {syllable.weight for syllable in read("fr", "la la la")} == {SyllableClass.CONTENT}
    assert read("fr", "la mer")[0].weight is SyllableClass.FUNCTION


@pytest.mark.parametrize(
    ("code", "typed", "meant"),
    [("es", "corazon", "corazón"), ("es", "emocion", "emoción"), ("pt", "nao", "não"), ("fr", "l'ame", "l'âme")],
)
def test_words_typed_without_their_accents_sound_as_with_them(code, typed, meant):
    assert sounds(code, typed) == sounds(code, meant)
    assert [syllable.stress for syllable in read(code, typed)] == [syllable.stress for syllable in read(code, meant)]
    assert "".join(syllable.text for syllable in read(code, typed)) == typed
