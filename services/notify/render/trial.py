"""The test message of each channel: pure. It says that it is a test before it says anything else."""

from typing import Any, Final

import msgspec

from streams.records import Time

TEXT: Final = "This is a test from Parley: alerts can reach this channel. Nobody has moved."


class TrialEvent(msgspec.Struct, frozen=True):
    """What a webhook gets: `type` is `test`."""

    type: str
    timestamp: Time
    data: dict[str, str]


def trial_text() -> str:
    """A line for a terminal."""
    return f"{TEXT}\n"


def trial_slack() -> dict[str, Any]:
    """The body of a Slack message."""
    block = {"type": "section", "text": {"type": "plain_text", "text": TEXT, "emoji": False}}
    return {"text": TEXT, "blocks": [block], "unfurl_links": False, "unfurl_media": False}


def trial_webhook(at: Time) -> bytes:
    """The body of a Standard Webhooks event."""
    return msgspec.json.encode(TrialEvent("test", at, {"text": TEXT}))
