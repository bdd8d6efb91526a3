"""The score engine: writes a score from the brief, performs it, mixes it. Exact, repeatable, without weights."""
