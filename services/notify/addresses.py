"""Addresses and signing keys of sinks: checked before anything is sent, and shown to nobody."""

import base64
import binascii
import hashlib
from typing import Final
from urllib.parse import urlsplit

from services.errors import UsageProblem

SECRET_PREFIX: Final = "whsec_"  # noqa: S105  The mark of a key, not a key.
SECRET_BYTES: Final = range(24, 65)


def check_url(url: str, option: str) -> str:
    """Return the address if it is one that can be posted to; raises UsageProblem, which never shows it."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or any(char.isspace() or not char.isprintable() for char in url):
        raise UsageProblem(f"{option}: not a web address; it must look like https://host/<secret>")
    return url


def check_secrets(text: str, option: str = "--webhook-secret (PARLEY_WEBHOOK_SECRET)") -> list[str]:
    """Split signing keys at spaces; raises UsageProblem, which never shows them, for one that is none."""
    secrets = text.split()
    for number, secret in enumerate(secrets, 1):
        try:
            key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not secret.startswith(SECRET_PREFIX) or len(key) not in SECRET_BYTES:
            raise UsageProblem(
                f"{option}: key {number} of {len(secrets)} is not {SECRET_PREFIX} and "
                "the base64 of 24 to 64 bytes; `openssl rand -base64 32` makes the second part"
            )
    return secrets


def shown(url: str) -> str:
    """The address with everything hidden that could be a secret."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}/<secret>"


def fingerprint(url: str) -> str:
    """What the ledger knows an address by: the address cannot be told from it."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]
