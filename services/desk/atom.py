"""Alerts -> an Atom feed (RFC 4287) with permanent ids; an entry is one alert in its latest state."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from services.desk.answers.alerts import AlertSummary
from services.desk.names import STANCES, clean

ATOM = "http://www.w3.org/2005/Atom"


def write_alerts(alerts: Sequence[AlertSummary], origin: str) -> bytes:
    """Return the feed; `origin` is the desk's address without a slash at its end."""
    ET.register_namespace("", ATOM)
    feed = _child(None, "feed")
    _text(feed, "id", f"{origin}/alerts")
    _text(feed, "title", "Parley: who has moved")
    _text(feed, "updated", max((one.at.isoformat() for one in alerts), default="1970-01-01T00:00:00+00:00"))
    _child(feed, "link", rel="self", type="application/atom+xml", href=f"{origin}/alerts.atom")
    _child(feed, "link", rel="alternate", type="text/html", href=f"{origin}/")
    _text(_child(feed, "author"), "name", "Parley")
    for one in alerts:
        entry = _child(feed, "entry")
        # The id stays through every state, so that a reader shows an update and not another alert.
        _text(entry, "id", f"urn:parley:alert:{one.id}")
        _text(entry, "title", clean(f"{one.name}: {one.headline.lower()}, {one.before} → {one.after}"))
        _text(entry, "published", one.raised.isoformat())
        _text(entry, "updated", one.at.isoformat())
        _child(entry, "link", rel="alternate", type="text/html", href=f"{origin}/alerts/{one.id}")
        _child(entry, "category", term=one.status)
        _text(entry, "summary", _summary(one))
    body: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _summary(one: AlertSummary) -> str:
    where = f"{one.name}, {STANCES.get(one.after, one.after)} since {one.since:%d %B %Y}"
    told = f"{where}, probability {one.probability:.2f}."
    if one.lead is None:
        return clean(told)
    return clean(f"{told} {one.lead.speaker_name} in {one.lead.outlet}: “{one.lead.passage.quote}”")


def _child(parent: ET.Element | None, name: str, **attributes: str) -> ET.Element:
    tag = f"{{{ATOM}}}{name}"
    return ET.Element(tag, attributes) if parent is None else ET.SubElement(parent, tag, attributes)


def _text(parent: ET.Element, name: str, text: str) -> None:
    _child(parent, name).text = text
