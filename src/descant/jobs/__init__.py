"""Durable execution: a queue in the database, worker processes, children that can be killed, recovery.

Owns when, where and how often work is tried. Must not know what a song is, what it costs or whom it belongs to: an
item of work is an id and an account to share the machine fairly by, and what to do with it is a function the service
hands to :func:`descant.jobs.worker.run`. Only :mod:`~descant.jobs.engine` imports the workflow library.

Conventions
-----------
Work may be begun more than once (a process can die at any moment) and must therefore be written so that beginning
again is harmless. Times are in seconds.
"""
