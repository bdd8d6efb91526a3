"""Whole songs in the languages of the west: every syllable is sung, and stresses fall where English ones do."""

import pytest

from descant.compose.metrics import prosody
from descant.compose.metrics.tune import Tune
from descant.engines.score.engine import write
from descant.song.brief import Brief
from descant.song.lyrics import SectionKind

SONGS = {
    "es": """[Estrofa 1]
Camino solo por la orilla del mar
Tu voz se queda dormida en mi almohada
[Estribillo]
Bailamos descalzos bajo la luna llena
El viento borra todas las huellas
[Puente]
Quiero vivir sin miedo a caer
[Estribillo]
""",
    "pt": """[Verso 1]
O vento leva o barco devagar
Você chegou com cheiro de café
[Refrão]
A lua dança sobre o meu telhado
Deixa a janela aberta pra manhã
[Ponte]
Meu coração não cabe nessa mala
[Refrão]
""",
    "it": """[Strofa 1]
Cammino piano sotto la pioggia
Le tue parole restano nel vento
[Ritornello]
Portami via da questa città
Gli anni passano come treni
[Ponte]
Ricordo il profumo del pane caldo
[Ritornello]
""",
    "fr": """[Couplet 1]
Je marche seul sous les étoiles
Ta voix résonne encore dans ma chambre
[Refrain]
On danse au milieu de la rue
Le vent emporte nos promesses
[Pont]
Les enfants dorment près du feu
[Refrain]
""",
    "de": """[Strophe 1]
Ich gehe allein durch die leere Stadt
Deine Stimme bleibt in meinem Kopf
[Refrain]
Wir tanzen barfuß auf dem Dach
Sag mir, wohin der Wind uns trägt
[Brücke]
Alle Wege führen heim
[Refrain]
""",
    "nl": """[Couplet 1]
Ik loop alleen door lege straten
Jouw stem blijft hangen in mijn hoofd
[Refrein]
We dansen op het dak vannacht
Zeg me waar de wind naartoe gaat
[Brug]
Alle wegen leiden naar huis
[Refrein]
""",
    "pl": """[Zwrotka 1]
Idę sam przez puste miasto
Twój głos zostaje w mojej głowie
[Refren]
Tańczymy boso na dachu
Powiedz mi, gdzie niesie nas wiatr
[Mostek]
Wszystkie drogi prowadzą do domu
[Refren]
""",
}


@pytest.mark.parametrize("code", SONGS)
def test_songs_sing_every_syllable_with_the_stress_of_their_language(code):
    shares = []
    for seed in (1, 2):
        reading, _, score = write(Brief(seed=seed, lyrics=SONGS[code], tags="pop, 100 bpm"))
        assert [section.kind for section in reading.lyrics.sections] == [
            SectionKind.VERSE,
            SectionKind.CHORUS,
            SectionKind.BRIDGE,
            SectionKind.CHORUS,
        ]
        assert {line.language for line in reading.lyrics.lines} == {code}
        tune = Tune(score)
        assert prosody.missing_syllables(tune) == 0
        assert prosody.overlaps(tune) == 0
        assert {phrase.language for part in score.vocals for phrase in part.phrases} == {code}
        shares.append(prosody.stress_on_stronger(tune))
    assert sum(shares) / len(shares) >= 0.8


def test_titles_come_from_the_chorus_and_keep_their_letters():
    reading, _, _ = write(Brief(seed=3, lyrics=SONGS["de"], tags="pop"))
    assert reading.title in {"Wir tanzen barfuß auf dem Dach", "Sag mir", "Sag mir, wohin der Wind uns trägt"}
