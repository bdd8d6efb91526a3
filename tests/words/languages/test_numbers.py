"""Digits and symbols as they are said in each language."""

import pytest

from descant.words import languages


def spoken(code, text):
    return " ".join(word.spoken for word in languages.language(code).words(text))


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("es", "21", "veintiuno"),
        ("es", "1234", "mil doscientos treinta y cuatro"),
        ("es", "1999", "mil novecientos noventa y nueve"),
        ("es", "100", "cien"),
        ("es", "2.000.000", "dos millones"),
        ("es", "3,5", "tres coma cinco"),
        ("es", "50%", "cincuenta por ciento"),
        ("es", "20:30", "veinte y treinta"),
        ("es", "5€", "cinco euros"),
        ("es", "$1", "uno dólar"),
        ("es", "1º", "primero"),
        ("es", "tú & yo", "tú y yo"),
        ("pt", "245", "duzentos e quarenta e cinco"),
        ("pt", "1001", "mil e um"),
        ("pt", "R$5", "cinco reais"),
        ("pt", "16", "dezesseis"),
        ("it", "28", "ventotto"),
        ("it", "1234", "mille duecento trentaquattro"),
        ("it", "tu + io", "tu più io"),
        ("fr", "71", "soixante et onze"),
        ("fr", "80", "quatre vingts"),
        ("fr", "99", "quatre vingt dix neuf"),
        ("fr", "20h30", "vingt heures trente"),
        ("fr", "1er", "premier"),
        ("fr", "75 %", "soixante quinze pour cent"),
        ("de", "21", "ein und zwanzig"),
        ("de", "1999", "neunzehn hundert neun und neunzig"),
        ("de", "2024", "zwei tausend vier und zwanzig"),
        ("de", "7 & 8", "sieben und acht"),
        ("nl", "21", "één en twintig"),
        ("nl", "1984", "negentien vier en tachtig"),
        ("nl", "100%", "honderd procent"),
        ("pl", "22", "dwadzieścia dwa"),
        ("pl", "2000", "dwa tysiące"),
        ("pl", "5000", "pięć tysięcy"),
        ("pl", "365", "trzysta sześćdziesiąt pięć"),
    ],
)
def test_numbers_are_said_in_their_language(code, text, said):
    assert spoken(code, text) == said


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("es", "Sr. López", "señor lópez"),
        ("fr", "Mme Lune", "madame lune"),
        ("de", "24/7", "vier und zwanzig sieben"),
        ("it", "B612", "b seicento dodici"),
        ("nl", "Dr. Hart", "dokter hart"),
        ("pl", "św. Jan", "święty jan"),
        ("es", "la TV", "la te uve"),
        ("de", "U.S.A.", "u ess a"),
    ],
)
def test_abbreviations_and_initials(code, text, said):
    assert spoken(code, text) == said


@pytest.mark.parametrize("code", ["es", "pt", "it", "fr", "de", "nl", "pl"])
def test_every_number_can_be_sung(code):
    for number in [*range(120), 199, 200, 700, 999, 1000, 1100, 1500, 2001, 21_000, 10**6, 2 * 10**6, 10**9, 10**12]:
        words = languages.language(code).words(str(number))
        assert len(words) == 1
        assert not any(character.isdigit() for character in words[0].spoken)
