"""Tasks and their clips: accepted, watched, cancelled, made, settled.

A clip goes ``pending → running → succeeded | failed`` and may fall back from running to pending when its worker stops.
A task is settled when all its clips are finished: what is owed for failed ones is given back then, once.
"""
