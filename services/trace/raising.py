"""An alert and a reading -> whether the reading raised the alert, told by the alert's id; pure."""

from streams.canary import canary_alert, is_canary
from streams.records import Reading, ShiftAlert, content_id


def raised_by(alert: ShiftAlert, reading: Reading) -> bool:
    """Whether the alert's id was minted from the reading: from whom it is about, its kind, and what raised it.

    Where two have parted both are in the id, as streams/accords.py puts them: a person before the government, and
    allies in the order of whoever judged the pair, which the alert does not tell.
    """
    if is_canary(reading):
        return alert.id == canary_alert(reading).id
    if alert.other is None:
        return alert.id == content_id("alert", alert.actor, alert.speaker or "", alert.kind, reading.id)
    one, other = alert.speaker or alert.actor, alert.actor if alert.speaker else alert.other
    return alert.id in {
        content_id("alert", alert.kind, *pair, reading.id) for pair in ((one, other), (other, one))
    }  # fmt: skip
