"""Scanned papers as they arrive: what they are is read from their bytes, whatever name or type comes with them."""

from dataclasses import dataclass
from hashlib import sha256

from config.refusals import Invalid
from infusions.models import MediaType
from infusions.models.consents import LARGEST_DOCUMENT

PDF_START, PDF_END = b"%PDF-", b"%%EOF"
PNG_START, PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
JPEG_START, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
# Some scanners write a little after the end of a file.
TAIL = 1024
SIGNS = {
    MediaType.PDF: (PDF_START, PDF_END),
    MediaType.PNG: (PNG_START, PNG_END),
    MediaType.JPEG: (JPEG_START, JPEG_END),
}


@dataclass(frozen=True)
class Paper:
    """A document that was read: its media type, and the SHA-256 of its content in hex."""

    media_type: MediaType
    sha256: str
    content: bytes


def read_paper(content: bytes, *, field: str = "document") -> Paper:
    """Raise Invalid for what is empty, too large, cut off, or neither PDF, PNG nor JPEG."""
    if not content:
        raise Invalid("This file is empty.", field=field)
    if len(content) > LARGEST_DOCUMENT:
        raise Invalid(f"At most {LARGEST_DOCUMENT // 1024 // 1024} MiB. Scan it at a lower resolution.", field=field)
    for media_type, (start, end) in SIGNS.items():
        if content.startswith(start):
            if end not in content[-TAIL:]:
                raise Invalid("This file is cut off. Send it again, or scan it again.", field=field)
            return Paper(media_type, sha256(content).hexdigest(), content)
    raise Invalid("Only a PDF, a PNG or a JPEG can be kept here.", field=field)
