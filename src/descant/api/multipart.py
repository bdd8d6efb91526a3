"""Forms with a file (multipart/form-data, RFC 7578), read as they come: the file goes to disk, never into memory.

A form of ours has one file and a few short fields. What is larger, longer or otherwise made than that is refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from typing import BinaryIO
from urllib.parse import unquote_to_bytes

HEADERS_MAX = 8 * 1024
"""Bytes of the headers of one part."""

FIELD_MAX = 64 * 1024
"""Bytes of a field that is no file: 5,000 characters of lyrics in at most 4 bytes each, and room."""

PARTS_MAX = 16

_BOUNDARY = re.compile(rb"[0-9a-zA-Z'()+_,./:=? -]{0,69}[0-9a-zA-Z'()+_,./:=?-]")


class FormError(ValueError):
    """The body is no such form; the text says what is wrong with it."""


@dataclass
class Form:
    """What a form held: its short fields by name, and the name of its file as the sender calls it, or None."""

    fields: dict[str, str] = field(default_factory=dict)
    file_name: str | None = None


def boundary_of(content_type: str) -> bytes | None:
    """Return what separates the parts of a form, given its Content-Type; None when that is none of a form.

    Raises
    ------
    FormError : when it names no separator, or one that is not allowed.
    """
    header = Message()
    header["Content-Type"] = content_type
    if header.get_content_type() != "multipart/form-data":
        return None
    found = header.get_param("boundary")
    boundary = found.encode("latin-1", "replace") if isinstance(found, str) else b""
    if not _BOUNDARY.fullmatch(boundary):
        raise FormError("the header Content-Type names no valid boundary")
    return boundary


class Reader:
    """Reads a form, given its bytes piece by piece, and writes its file.

    Parameters
    ----------
    boundary : what separates the parts.
    file : where the file of the part ``name`` goes.
    """

    def __init__(self, boundary: bytes, file: BinaryIO, name: str = "file") -> None:
        self.form = Form()
        self._file, self._name = file, name
        self._mark = b"\r\n--" + boundary
        self._held = bytearray(b"\r\n")  # so that the first separator looks like the others
        self._step: Callable[[], bool] = self._preamble
        self._part: _Part | None = None
        self._parts = 0
        self.ended = False

    def feed(self, data: bytes) -> None:
        """Take more of the body in; raise FormError for what is no form, or more than one may hold."""
        self._held += data
        while not self.ended and self._step():
            pass
        if self.ended:
            self._held.clear()  # what follows the last separator is to be ignored (RFC 2046 §5.1.1)

    def finish(self) -> Form:
        """Return the form when all of the body was fed; raise FormError when it breaks off."""
        if not self.ended:
            raise FormError("the form breaks off before its end")
        return self.form

    def _preamble(self) -> bool:
        """Pass over what stands before the first separator."""
        place = self._held.find(self._mark)
        if place < 0:
            self._let_go()
            return False
        del self._held[: place + len(self._mark)]
        self._step = self._separator
        return True

    def _separator(self) -> bool:
        """Read what stands behind a separator: the end of the form, or of the line."""
        if len(self._held) < 2:
            return False
        if self._held[:2] == b"--":
            self.ended = True
            return False
        end = self._held.find(b"\r\n")
        if end < 0 or self._held[:end].strip(b" \t"):
            if end >= 0 or len(self._held) > HEADERS_MAX:
                raise FormError("a line that begins as a separator goes on otherwise")
            return False
        del self._held[:end]
        self._step = self._headers
        return True

    def _headers(self) -> bool:
        """Read the headers of a part; they end with an empty line."""
        end = self._held.find(b"\r\n\r\n")
        if end < 0 or end > HEADERS_MAX:
            if len(self._held) > HEADERS_MAX:
                raise FormError(f"the headers of a part are longer than {HEADERS_MAX:,} bytes")
            return False
        self._parts += 1
        if self._parts > PARTS_MAX:
            raise FormError(f"the form has more than {PARTS_MAX} parts")
        self._part = _Part.of(bytes(self._held[2:end]))
        if self._part.name == self._name:
            if self.form.file_name is not None:
                raise FormError(f"the form has more than one '{self._name}'")
            self.form.file_name = self._part.file_name or ""
        del self._held[: end + 2]  # an empty body begins with its separator
        self._part.skip = 2
        self._step = self._body
        return True

    def _body(self) -> bool:
        """Read a part up to the next separator."""
        place = self._held.find(self._mark)
        if place < 0:
            self._take(len(self._held) - len(self._mark) + 1)
            return False
        self._take(place)
        self._end_part()
        del self._held[: len(self._mark)]
        self._step = self._separator
        return True

    def _take(self, count: int) -> None:
        """Add the first ``count`` of the held bytes to the part, less the line's end before it."""
        assert self._part is not None
        data = bytes(self._held[: max(count, 0)])
        del self._held[: len(data)]
        skipped = min(self._part.skip, len(data))
        self._part.skip -= skipped
        data = data[skipped:]
        if self._part.name == self._name:
            self._file.write(data)
        elif len(self._part.data) + len(data) > FIELD_MAX:
            raise FormError(f"'{self._part.name}' is longer than {FIELD_MAX:,} bytes")
        else:
            self._part.data += data

    def _end_part(self) -> None:
        assert self._part is not None
        if self._part.name != self._name:
            try:
                self.form.fields[self._part.name] = self._part.data.decode("utf-8")
            except UnicodeDecodeError:
                raise FormError(f"'{self._part.name}' is not UTF-8 text") from None
        self._part = None

    def _let_go(self) -> None:
        """Forget held bytes that cannot be the beginning of a separator."""
        del self._held[: -len(self._mark)]


@dataclass
class _Part:
    name: str
    file_name: str | None
    data: bytearray = field(default_factory=bytearray)
    skip: int = 0

    @classmethod
    def of(cls, headers: bytes) -> "_Part":
        """Return the part that headers announce."""
        lines = [line for line in headers.decode("utf-8", "replace").split("\r\n") if line]
        for line in lines:
            title, _, value = line.partition(":")
            if title.strip().lower() == "content-disposition":
                found = _parameters(value)
                if found.get("", "").lower() == "form-data" and "name" in found:
                    return cls(found["name"][:80], found.get("filename"))
        raise FormError("a part has no Content-Disposition with a name")


_PARAMETER = re.compile(r';\s*([A-Za-z0-9_*.-]+)\s*=\s*("((?:[^"\\]|\\.)*)"|[^;\s]*)')


def _parameters(value: str) -> dict[str, str]:
    """Return the parameters of a header by lower-case name, what stands before them under ""."""
    found = {"": value.partition(";")[0].strip()}
    for match in _PARAMETER.finditer(value):
        name, text = match[1].lower(), match[2] if match[3] is None else re.sub(r'\\(["\\])', r"\1", match[3])
        if name.endswith("*"):  # RFC 5987: charset'language'percent-encoded
            charset, _, encoded = text.partition("'")
            name, text = name[:-1], unquote_to_bytes(encoded.partition("'")[2]).decode("utf-8", "replace")
            if charset.lower() not in ("utf-8", "us-ascii"):
                continue
        found[name] = text
    return found
