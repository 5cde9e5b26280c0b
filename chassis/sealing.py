"""Personal data on its way to our own services: sealed under the key of whom it is about.

A sealed text is a nonce, then AES-256-GCM. Its place is authenticated with it, so that it
cannot be shown as another field or as somebody else's. Erasing the key erases every copy.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class SealBrokenError(Exception):
    """What was sealed was moved, changed, or sealed under another key."""


def seal(key: bytes, text: str, place: str) -> bytes:
    """Return *text* sealed for *place*."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), place.encode())


def unseal(key: bytes, box: bytes, place: str) -> str:
    """Return the text that was sealed for *place*. Raises `SealBrokenError`."""
    nonce, sealed = box[:NONCE_BYTES], box[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, sealed, place.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError(place) from error
