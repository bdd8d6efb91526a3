"""One measured figure, and the table of them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured figure: the row of the quality table it belongs to, its text, its bar, and whether it is met."""

    row: str
    measured: str
    figure: str
    bar: str
    met: bool | None


def show(figures: Iterable[Figure]) -> None:
    """Print the figures as a Markdown table, each as soon as it is measured: a row takes minutes."""
    print("| row | measured | figure | bar | met |\n|---|---|---|---|---|", flush=True)
    for f in figures:
        met = {True: "yes", False: "**no**", None: "–"}[f.met]
        print(f"| {f.row} | {f.measured} | {f.figure} | {f.bar} | {met} |", flush=True)
