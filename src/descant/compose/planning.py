"""Planning: from a brief, its words and its wishes to every decision that stands before the first note.

Tempo, key and metre that were asked for are kept exactly; what the singer's range, the length limit or the styles at
hand cannot give is said in the plan's notes.
"""

import math
from collections.abc import Sequence

import msgspec

from descant.compose import form, oddities, pins, styles
from descant.compose.band import directions
from descant.compose.casting import cast_instruments
from descant.compose.choices import pick, sharpness
from descant.compose.deliveries import delivered, effects
from descant.compose.duets import cast_guests, shared_out
from descant.compose.form import Outline
from descant.compose.genres import DEFAULT, nearest_style, writing_of
from descant.compose.layout import bar_size
from descant.compose.oddities import Oddities
from descant.compose.progressions import with_progressions
from descant.compose.singers import Singers, cast_persona, cast_singers, in_delivery
from descant.compose.styles.writing import WritingStyle
from descant.song.brief import Brief
from descant.song.lyrics import Lyrics, SectionKind
from descant.song.plan import Plan, PlannedSection
from descant.song.streams import stream
from descant.song.tempo import Metre
from descant.song.theory import Key, parse_pitch_class
from descant.song.voices import VoiceProfile
from descant.song.wish import Wish

_TEMPO_WORDS = {
    "very slow": -0.3,
    "slow": -0.16,
    "downtempo": -0.16,
    "mid-tempo": 0.0,
    "uptempo": 0.12,
    "fast": 0.18,
    "breakneck": 0.4,
}
"""Change of tempo a word asks for."""
_HIGHEST_LIFT = 4  # semitones that a song may rise in all


def make_plan(brief: Brief, lyrics: Lyrics, wish: Wish, voices: Sequence[VoiceProfile]) -> Plan:
    """Return the plan of one song.

    Parameters
    ----------
    voices : the singers at hand; may be empty for an instrumental.

    Raises
    ------
    CannotWrite : when the song is sung and there is no voice, or not the persona's.
    """
    genres, notes = genres_of(wish)
    genres = oddities.weighed(genres, brief.style_weight, DEFAULT)
    writing = writing_of(genres)
    lyrics = delivered(shared_out(lyrics, wish.voice), wish.voice, writing)
    if brief.persona is not None:
        lyrics = in_delivery(lyrics, brief.persona.delivery)
    strict = sharpness(brief.style_weight, brief.weirdness)
    plan = _played(brief, lyrics, wish, genres, writing)
    sung = any(section.lyrics is not None for section in plan.sections) and not _is_instrumental(brief, lyrics, wish)
    singers = cast(brief, lyrics, wish, writing, voices) if sung else Singers()
    guests, guest_notes = cast_guests(voices, singers.voice, lyrics, brief.seed) if sung else ((), ())
    mode = _mode(wish, writing, brief.seed, strict)
    plan = msgspec.structs.replace(
        plan,
        key=wish.key or pins.key_of(lyrics.sections) or _key(mode, singers.vocal_centre, writing, brief.seed),
        voice=singers.voice,
        backing_voice=singers.backing_voice,
        vocal_centre=singers.vocal_centre,
        vocal_range=singers.vocal_range,
        backing_range=singers.backing_range,
        guests=guests,
        vocal_effects=effects(wish.voice, writing),
        notes=(
            *wish.notes,
            *lyrics.notes,
            *notes,
            *plan.notes,
            *singers.notes,
            *guest_notes,
            *pins.unknown_chords(lyrics.sections),
        ),
    )
    return with_progressions(plan, writing, strict)


def _is_instrumental(brief: Brief, lyrics: Lyrics, wish: Wish) -> bool:
    """Return whether nobody is to sing; given words are never left unsung for a tag."""
    return brief.instrumental or (wish.instrumental and not lyrics.lines)


def _played(
    brief: Brief, lyrics: Lyrics, wish: Wish, genres: tuple[tuple[str, float], ...], writing: WritingStyle
) -> Plan:
    """Return the plan of what is played: form, tempo, metre, band and mix, without singers and in no key yet."""
    odd = oddities.draw(brief.seed, brief.weirdness, brief.style_weight, free_metre=wish.metre is None)
    bpm = _tempo(wish, writing, brief.seed, brief.style_weight)
    metre = wish.metre or odd.metre or _metre(writing, brief.seed)
    fades = _fades(wish, lyrics, writing, brief.seed)
    instrumental = _is_instrumental(brief, lyrics, wish)
    sections, bpm, form_notes = _form(
        brief, lyrics, wish, writing, bpm, metre, odd, instrumental=instrumental, fades=fades
    )
    strict = sharpness(brief.style_weight, brief.weirdness)
    instruments, featured, band_notes = cast_instruments(wish, writing, brief.seed, strict, odd.instruments)
    swing = wish.swing if wish.swing is not None else float(stream(brief.seed, "plan.swing").uniform(*writing.swing))
    return Plan(
        seed=brief.seed,
        title=brief.title or lyrics.title,
        genres=genres,
        bpm=bpm,
        key=Key(0, "major"),
        metre=metre,
        sections=_with_lift(sections, wish, writing, brief.seed),
        instruments=instruments,
        featured=featured,
        mood=wish.mood,
        swing=round(swing, 3),
        swing_unit=writing.swing_unit,
        mix=styles.load(genres[0][0]).mix,
        style_weight=brief.style_weight,
        weirdness=brief.weirdness,
        odd_phrases=odd.phrases,
        fade_out=fades,
        not_understood=wish.not_understood,
        notes=(*form_notes, *odd.notes, *band_notes),
    )


def cast(brief: Brief, lyrics: Lyrics, wish: Wish, style: WritingStyle, voices: Sequence[VoiceProfile]) -> Singers:
    """Return who sings the lyrics: the brief's persona where there is one, else whom tags, words and chance choose.

    Raises
    ------
    CannotWrite : when there is no voice, or not the persona's.
    """
    if brief.persona is not None:
        return cast_persona(voices, brief.persona, brief.vocal_gender, wish.voice, lyrics)
    register = style.register + wish.mood.register
    return cast_singers(voices, brief.vocal_gender, wish.voice, lyrics, register, brief.seed)


def genres_of(wish: Wish) -> tuple[tuple[tuple[str, float], ...], tuple[str, ...]]:
    """Return the styles of the wished genres with their weights, and a note on each genre without a style."""
    known = styles.by_word()
    weights: dict[str, float] = {}
    notes = []
    for genre, weight in wish.genres:
        style = known.get(genre.lower())
        if style is None:
            style = nearest_style(genre, styles.names())
            notes.append(f"genre {genre!r} has no style of its own yet; written as {style}")
        weights[style] = weights.get(style, 0.0) + weight
    if not weights:
        return ((DEFAULT, 1.0),), ()
    total = sum(weights.values())
    ranked = sorted(weights.items(), key=lambda pair: -pair[1])
    return tuple((name, weight / total) for name, weight in ranked), tuple(notes)


def _tempo(wish: Wish, style: WritingStyle, seed: int, style_weight: float) -> float:
    """Return the tempo: exactly what was asked for, else a whole number from the style's range.

    The heavier the style weighs, the nearer the tempo lies to its likeliest.
    """
    if wish.bpm is not None:
        return wish.bpm
    drawn = stream(seed, "plan.tempo").triangular(*style.bpm)
    drawn += (style.bpm[1] - drawn) * max(0.0, style_weight - 0.5)
    drawn *= 1.0 + wish.mood.tempo_percent / 100.0
    return float(round(drawn * (1.0 + _TEMPO_WORDS.get(wish.tempo_word, 0.0))))


def _metre(style: WritingStyle, seed: int) -> Metre:
    beats, unit = pick(stream(seed, "plan.metre"), style.metres).split("/")
    return Metre(int(beats), int(unit))


def _mode(wish: Wish, style: WritingStyle, seed: int, strict: float) -> str:
    if wish.mode is not None:
        return wish.mode
    total = sum(style.modes.values())
    tilted = []
    for mode, weight in style.modes.items():
        share = weight / total
        minor = Key(0, mode).is_minor
        change = wish.mood.minor if minor else -wish.mood.minor
        tilted.append((mode, max(share + change * share if change < 0 else share + change * 0.8, 0.01)))
    return pick(stream(seed, "plan.mode"), tilted, sharpness=min(strict, 1.2))


def _key(mode: str, centre: int, style: WritingStyle, seed: int) -> Key:
    """Return a key whose strong degrees give the chorus a peak near the top of the voice.

    The tonic, third or fifth should lie about seven semitones above the centre; among keys that fit, the style's
    favourites come first.
    """
    favourites = {parse_pitch_class(name) for name in style.tonics}
    third = 3 if Key(0, mode).is_minor else 4
    options = []
    for tonic in range(12):
        heights = [(centre + h - tonic) % 12 for h in (6, 7, 8)]
        fit = max(
            (1.0 if h in (0, third) else 0.8 if h == 7 else 0.0) - 0.25 * abs(i - 1) for i, h in enumerate(heights)
        )
        options.append((tonic, math.exp(5.0 * fit) * (4.0 if tonic in favourites else 1.0)))
    return Key(pick(stream(seed, "plan.key"), options), mode)


def _form(
    brief: Brief,
    lyrics: Lyrics,
    wish: Wish,
    style: WritingStyle,
    bpm: float,
    metre: Metre,
    odd: Oddities,
    *,
    instrumental: bool,
    fades: bool,
) -> tuple[tuple[PlannedSection, ...], float, tuple[str, ...]]:
    """Return sections with bars and energy, the tempo (raised only where length forces it) and notes."""
    modern = "viral" in wish.production or wish.era in ("modern", "2020s")
    bar = bar_size(metre, bpm, odd.phrases, lyrics.sections)
    plan = form.outline(
        lyrics, style, bar, brief.seed, instrumental=instrumental, modern=modern, fades=fades, oddity=odd.form
    )
    limit = brief.max_seconds if wish.seconds is None else min(brief.max_seconds, wish.seconds + 4.0)
    notes: list[str] = []
    if odd.form and (instrumental or not lyrics.sections):
        notes.append(f"weirdness: {odd.form}")
    if form.seconds(plan.sections, bar) > limit:
        plan, bpm = _fit(plan, limit, wish, style, bpm, metre, odd, notes, instrumental=instrumental)
        bar = bar_size(metre, bpm, odd.phrases, lyrics.sections)
    elif wish.seconds is not None:
        plan = form.extend(plan, limit, style, bar)
    if wish.seconds is not None and abs(form.seconds(plan.sections, bar) - wish.seconds) > 0.2 * wish.seconds:
        notes.append(
            f"the words make a song of about {form.seconds(plan.sections, bar):.0f} s, not {wish.seconds:.0f} s"
        )
    sections = form.with_energy(plan.sections, style, brief.seed, wish.mood.energy, wish.mood.dynamics)
    sections = _with_feel(sections, wish)
    return sections, bpm, tuple(notes)


def _fit(
    plan: Outline,
    limit: float,
    wish: Wish,
    style: WritingStyle,
    bpm: float,
    metre: Metre,
    odd: Oddities,
    notes: list[str],
    *,
    instrumental: bool,
) -> tuple[Outline, float]:
    """Return a plan under ``limit`` seconds: fewer instrumental bars, then a faster tempo, then denser lines."""
    stanzas = [section.lyrics for section in plan.sections if section.lyrics is not None]
    bar = bar_size(metre, bpm, odd.phrases, stanzas)
    plan = form.shorten(plan, limit, style, bar)
    if instrumental:
        plan = form.drop_repeats(plan, limit, bar)
    if form.seconds(plan.sections, bar) <= limit:
        notes.append("instrumental bars were left out to keep the song within its length")
        return plan, bpm
    if wish.bpm is None:
        needed = math.ceil(bpm * (form.seconds(plan.sections, bar) - 3.0) / (limit - 3.0))
        faster = float(min(needed, round(max(style.bpm[2], 1.12 * bpm))))
        if faster > bpm:
            bpm, bar = faster, bar_size(metre, faster, odd.phrases, stanzas)
            notes.append(f"the tempo was raised to {bpm:.0f} bpm to keep the song within its length")
    if form.seconds(plan.sections, bar) > limit:
        plan = form.tighten(plan, style, bar)
        notes.append("lines were set closer together to keep the song within its length")
    if form.seconds(plan.sections, bar) > limit:
        notes.append(f"all words are sung; the song lasts longer than {limit:.0f} s")
    return plan, bpm


def _with_feel(sections: tuple[PlannedSection, ...], wish: Wish) -> tuple[PlannedSection, ...]:
    """Return the sections with the feel that the whole song is asked for, but for those whose own tags name another."""
    asked = [name for name in ("half-time", "double-time") if name in wish.production][:1]
    return tuple(
        section
        if directions.feel(section.directives)
        else msgspec.structs.replace(section, directives=(*section.directives, *asked))
        for section in sections
    )


_KEY_CHANGES = frozenset(
    {"key change", "key change up", "modulation", "modulation up", "modulate", "modulate up", "gear change"}
)


def _with_lift(
    sections: tuple[PlannedSection, ...], wish: Wish, style: WritingStyle, seed: int
) -> tuple[PlannedSection, ...]:
    """Return the sections with their key changes: where a tag asks for one, else the last chorus of some songs."""
    rng = stream(seed, "plan.lift")
    choruses = [i for i, section in enumerate(sections) if section.kind is SectionKind.CHORUS]
    tagged = [i for i, section in enumerate(sections) if not _KEY_CHANGES.isdisjoint(section.directives)]
    asked = "key change" in wish.production
    drawn = rng.random() < style.lift
    steps = int(pick(rng, style.lift_steps))
    if tagged:
        starts = tagged
    elif choruses and len(choruses) >= (2 if asked else 3) and (asked or drawn):
        starts = choruses[-1:]
    else:
        return sections
    return tuple(
        msgspec.structs.replace(section, lift=min(_HIGHEST_LIFT, steps * sum(start <= i for start in starts)))
        for i, section in enumerate(sections)
    )


def _fades(wish: Wish, lyrics: Lyrics, style: WritingStyle, seed: int) -> bool:
    if "fade-out" in wish.production or "fade out" in wish.production:
        return True
    asked = directions.ending(lyrics.sections[-1].directives) if lyrics.sections else ""
    if asked:
        return asked == "fade"
    return pick(stream(seed, "plan.ending"), style.endings) == "fade"
