"""What a line takes over from the line it recalls: rewards for its onsets, pitches to be drawn to."""

from collections.abc import Sequence

from descant.compose.lines import LineTask, WrittenLine

_OTHER_CLASS = 0.45
"""Share of a reward where a weak syllable meets a strong one's slot, or the reverse."""


def onset_rewards(model: WrittenLine, reward: float) -> dict[int, tuple[float, float]]:
    """Return slot to reward for a strong and a weak syllable: full for its own kind, less for the other."""
    rewards = {}
    for onset, letter in zip(model.syllable_onsets, model.task.line.classes, strict=True):
        other = _OTHER_CLASS * reward
        rewards[onset] = (reward, other) if letter in "SC" else (other, reward)
    return rewards


def references(task: LineTask, onsets: tuple[int, ...], model: WrittenLine, shift: int) -> dict[int, int]:
    """Return note index to recalled pitch, for notes that fall on an onset of the recalled line."""
    pitches = dict(zip(model.onsets, model.pitches, strict=True))
    move = task.lift - model.task.lift
    found = {}
    for n, onset in enumerate(onsets):
        if onset in pitches and not (n == len(onsets) - 1 and not task.final):
            found[n] = diatonic(pitches[onset] + move, shift, task.scale)
    return found


def diatonic(pitch: int, steps: int, scale: Sequence[int]) -> int:
    """Return the pitch ``steps`` scale degrees above ``pitch`` (below for negative), staying in ``scale``."""
    direction = 1 if steps > 0 else -1
    for _ in range(abs(steps)):
        pitch += direction
        while pitch % 12 not in scale:
            pitch += direction
    return pitch
