"""Imported in the server that children are forked from: ties its life to the worker's.

The server would otherwise outlive a killed worker for as long as a child runs, since each child inherits the pipe
whose closing tells the server to end.
"""

from descant.jobs.isolate import die_with_parent

die_with_parent()
