"""Which language a line is in: alone, in its song, and against what the user said."""

import pytest

from descant.words.languages.detection import detect
from descant.words.languages.naming import mentioned
from descant.words.tags import read

LINES = {
    "en": """
Hold the light until the morning finds us
Neon rivers burning under silver towns
I never meant to leave you in the rain
Carry me over, carry me home
We were young and the summer was slow
Dancing barefoot on a kitchen floor
Every window tells another story
Say my name like you used to
Broken compass, empty pockets
Don't you wake the sleeping thunder
Maria came from Mexico on a Monday
Give it all away
""",
    "es": """
Camino solo por la orilla del mar
Tu voz se queda dormida en mi almohada
No me digas que ya no hay mañana
Bailamos descalzos bajo la luna llena
El viento borra todas las huellas
Quiero vivir sin miedo a caer
Dime dónde guardas el sol
Somos dos barcos en la niebla
La ciudad despierta con café y lluvia
Ay, corazón, no llores más
Mil noches esperando tu regreso
Se apagan las luces del pueblo
""",
    "pt": """
O vento leva o barco devagar
Você chegou com cheiro de café
Não quero mais saber de solidão
A lua dança sobre o meu telhado
Deixa a janela aberta pra manhã
Saudade é uma rua sem saída
Meu coração não cabe nessa mala
Eu canto baixinho pra ninguém ouvir
Somos dois rios correndo pro mar
Fica mais um pouco, amor
As estrelas caem no quintal
Quem me dera ser teu chão
""",
    "it": """
Cammino piano sotto la pioggia
Le tue parole restano nel vento
Non ho più paura della notte
Portami via da questa città
Gli anni passano come treni
Ti aspetto sulla riva del fiume
Il sole dorme dietro le colline
Voglio ballare ancora con te
Sei la canzone che non so finire
Ricordo il profumo del pane caldo
Dimmi che domani torneremo
Luci spente, strade vuote
""",
    "fr": """
Je marche seul sous les étoiles
Ta voix résonne encore dans ma chambre
Il pleut sur les toits de la ville
On danse au milieu de la rue
Le vent emporte nos promesses
Dis-moi où vont les hirondelles
Tu m'as laissé sans un adieu
Les enfants dorment près du feu
J'ai perdu ton nom dans la foule
Nos ombres glissent sur le mur
Reste un peu, la nuit est douce
Quand reviendra le mois de mai
""",
    "de": """
Ich gehe allein durch die leere Stadt
Deine Stimme bleibt in meinem Kopf
Die Nacht ist kalt und ohne Sterne
Wir tanzen barfuß auf dem Dach
Sag mir, wohin der Wind uns trägt
Der Regen fällt auf alte Steine
Ich will nicht länger warten
Du bist das Licht in meinem Zimmer
Alle Wege führen heim
Mein Herz schlägt lauter als der Zug
Morgen früh ist alles anders
Komm, wir zählen unsre Wunden
""",
    "nl": """
Ik loop alleen door lege straten
Jouw stem blijft hangen in mijn hoofd
De nacht is koud en zonder sterren
We dansen op het dak vannacht
Zeg me waar de wind naartoe gaat
Het regent op de oude stenen
Ik wil niet langer wachten
Jij bent het licht in deze kamer
Alle wegen leiden naar huis
Mijn hart slaat harder dan de trein
Morgen wordt alles anders
Kom, we tellen onze dromen
""",
    "pl": """
Idę sam przez puste miasto
Twój głos zostaje w mojej głowie
Noc jest zimna i bez gwiazd
Tańczymy boso na dachu
Powiedz mi, gdzie niesie nas wiatr
Deszcz pada na stare kamienie
Nie chcę dłużej czekać na cud
Jesteś światłem w moim pokoju
Wszystkie drogi prowadzą do domu
Serce bije mocniej niż pociąg
Jutro rano zacznie się lato
Chodź, policzymy nasze rany
""",
}
"""Song lines written for these tests, a dozen a language."""


def lines_in(code):
    return LINES[code].strip().splitlines()


@pytest.mark.parametrize("code", LINES)
def test_single_lines_tell_their_language(code):
    lines = lines_in(code)
    assert len(lines) >= 10
    assert [line for line in lines if detect([line]) != (code,)] == []


@pytest.mark.parametrize("code", LINES)
def test_lines_of_a_song_tell_their_language(code):
    assert set(detect(lines_in(code))) == {code}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Te quiero", "es"),
        ("Ti amo", "it"),
        ("Je t’aime", "fr"),
        ("Ich liebe dich", "de"),
        ("Ik hou van jou", "nl"),
        ("Kocham cię", "pl"),
        ("Eu te amo", "pt"),
        ("I love you", "en"),
        ("Café in Paris", "en"),
        ("Señorita, dance with me", "en"),
        ("Neon lights", "en"),
        ("la la la", "en"),
        ("", "en"),
    ],
)
def test_short_lines(line, code):
    assert detect([line]) == (code,)


def test_lines_without_evidence_follow_their_song():
    lines = ["Bailamos en la arena", "La la la la", "Ooh, ooh", "Maria, Maria", "", "Vuelve a mí, corazón"]
    assert set(detect(lines)) == {"es"}


def test_a_foreign_line_in_an_english_song_is_foreign_and_its_neighbours_are_not():
    lines = ["I saw you standing by the river", "Te quiero, te quiero", "Ooh, baby", "Come back to me", "Maria, Maria"]
    assert detect(lines) == ("en", "es", "en", "en", "en")


def test_verses_and_choruses_in_two_languages_keep_them_apart():
    french, german = lines_in("fr")[:6], lines_in("de")[:6]
    found = detect(["[Couplet]", *french, "", "[Refrain]", *german])
    assert found[1:7] == ("fr",) * 6
    assert found[9:] == ("de",) * 6


def test_what_the_user_said_decides_where_the_words_do_not():
    assert detect(["Maria, Maria", "Oh, Maria"], "pt") == ("pt", "pt")
    assert detect(["Hold on to me, my love", "the night is long"], "pt") == ("en", "en")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("in Spanish", "es"),
        ("lyrics in French", "fr"),
        ("german lyrics", "de"),
        ("a slow ballad sung in Italian about the sea", "it"),
        ("español", "es"),
        ("en français", "fr"),
        ("spanish guitar", ""),
        ("in A minor", ""),
        ("female vocals", ""),
    ],
)
def test_languages_asked_for_in_words(text, code):
    assert mentioned(text)[0] == code


def test_a_language_among_the_tags_is_a_wish_and_not_a_misunderstood_word():
    wish = read("pop, in Spanish, 120 bpm")
    assert wish.language == "es"
    assert wish.not_understood == ()
    assert wish.genres[0][0] == "pop"
