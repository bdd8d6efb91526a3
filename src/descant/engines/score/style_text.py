"""The style of a plan in words, for clips whose request named none."""

from descant.song.plan import Plan
from descant.song.wish import Wish


def style_text(plan: Plan, wish: Wish) -> str:
    """Return the plan's style as a comma-separated tag text: genre, mood, tempo, key, voice."""
    words = [name for name, _ in plan.genres[:2]]
    words += list(wish.moods[:3])
    words += [f"{plan.bpm:g} bpm", plan.key.name]
    words.append(f"{plan.voice} vocals" if plan.voice else "instrumental")
    return ", ".join(words)
