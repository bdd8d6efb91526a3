"""The HTTP surface: a module a family of endpoints, their schemas, errors and authentication.

Owns everything HTTP: paths, status codes, headers, bodies, their limits and the texts of refusals. Must not know music
or the database: it checks a request, hands it to :mod:`descant.service`, and shows what comes back.

Conventions
-----------
Bodies are JSON. A refusal, whatever its cause, is ``{code, type, message, error}`` (:mod:`descant.api.errors`), and
its text names the field in single quotes, its value and what is allowed. Schemas are strict: a wrong JSON type is
refused, an integer is a number, a field nobody knows is ignored, and ``null`` counts as not sent.
"""
