"""Rows and bytes: the database with its migrations and queries, and the object store.

Owns every table (:mod:`~descant.storage.tables`), every query (one module a feature, functions that take a
:class:`~descant.storage.database.Transaction` and return the frozen records of :mod:`~descant.storage.records`) and
the files (:mod:`~descant.storage.objects`). Must not know what a song is, who may do what, or HTTP. Nothing outside
this room imports SQLAlchemy, Alembic or obstore.

Conventions
-----------
Ids are lower-case UUID text. Moments are aware UTC datetimes, kept as whole milliseconds since 1970. No function
here commits: the caller opens the transaction (``with database.transaction() as tx``) and leaving it commits. The
same code runs on SQLite (WAL) and PostgreSQL.
"""
