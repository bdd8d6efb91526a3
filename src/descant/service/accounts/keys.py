"""The text of API keys: made, checked for slips of the pen, and turned into the digest that is stored.

A key is ``dsc_`` + 32 random characters + 6 check characters. The check (CRC-32) lets a mistyped key be refused
without asking the database, and secret scanners be sure of a find. What is stored is HMAC-SHA-256 under the
server's secret: a key has too much randomness to need a slow hash, and without the secret the table is worthless.
"""

import hmac
import secrets
import zlib

PREFIX = "dsc_"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM = 32
_CHECK = 6


def new() -> str:
    """Return the text of a new key, with 190 bits of randomness."""
    body = PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return body + _check(body)


def well_formed(key: str) -> bool:
    """Return whether a text has the form and the check characters of a key."""
    return (
        len(key) == len(PREFIX) + _RANDOM + _CHECK
        and key.startswith(PREFIX)
        and key.isascii()
        and hmac.compare_digest(_check(key[:-_CHECK]), key[-_CHECK:])
    )


def digest(key: str, pepper: str) -> str:
    """Return what is stored of a key: HMAC-SHA-256 under the server's secret ``pepper``, in hexadecimal."""
    return hmac.digest(pepper.encode(), key.encode(), "sha256").hex()


def _check(body: str) -> str:
    number = zlib.crc32(body.encode())
    characters = []
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[digit])
    return "".join(reversed(characters))
