"""The ``descant`` command: run the service, manage its keys, make a song without it, find out what is wrong.

Owns words on a terminal: options, their help, one-line errors, exit codes. Must not know how songs are made or kept.

Conventions
-----------
A command's result goes to standard output, everything else to standard error. A fault a person can mend is one line
that says how, with exit code 1 (2 for wrong usage or settings). Commands import what they need when they are run, so
that ``descant --help`` answers at once.
"""

from descant.cli.commands import main

__all__ = ["main"]
