"""A trace -> lines for a terminal, or one object; pure."""

from collections.abc import Mapping
from typing import Any, Final

from services.ingest.relevance import judge
from services.notify.account import explain
from services.notify.render.wording import clean, clip, headline, name
from services.trace.gather import Fetched, Trace
from streams.canary import is_canary
from streams.records import Reading

QUOTE_MOST: Final = 110
LEFT: Final = 11


def render_lines(trace: Trace, names: Mapping[str, str]) -> list[str]:
    """Return the six steps, each with what came of it, or why nothing did; then what was put aside."""
    lines = [f"article {trace.id}"]
    for step, found in (
        ("fetched", _fetched(trace)),
        ("relevant", _relevant(trace)),
        ("read", _read(trace, names)),
        ("counted", _counted(trace)),
        ("alerted", _alerted(trace, names)),
        ("told", _told(trace)),
        ("put aside", [f"{letter.source[0]}/{letter.source[1]}/{letter.source[2]}: {clean(letter.reason)}, "
                       f"{letter.at:%Y-%m-%d %H:%M} UTC" for letter in trace.dead]),
    ):  # fmt: skip
        for number, text in enumerate(found):
            lines.append(f"{step if number == 0 else '':<{LEFT}}{text}")
    return lines


def as_object(trace: Trace) -> dict[str, Any]:
    """Return the trace as data: the records as they lie on their topics."""
    newest = trace.fetched[-1].article if trace.fetched else None
    verdict = judge(newest.title, newest.text) if newest is not None else None
    return {
        "article": trace.id,
        "fetched": [
            {"place": "/".join(map(str, one.place)), "at": one.at, "record": one.article} for one in trace.fetched
        ],
        "relevant": None if verdict is None else {"relevant": verdict.relevant, "reason": verdict.reason},
        "ingester": trace.memory and trace.memory._asdict(),
        "looked_for": trace.window and trace.window._asdict(),
        "read": trace.readings,
        "withdrawn": trace.withdrawn,
        "counted": [one._asdict() for one in trace.counted],
        "alerted": [{"raised_by_it": alert.id in trace.raised, "record": alert} for alert in trace.alerts],
        "told": trace.told,
        "dead_letters": [
            {"source": "/".join(map(str, one.source)), "reason": one.reason, "at": one.at} for one in trace.dead
        ],
    }


def _fetched(trace: Trace) -> list[str]:
    lines = []
    for one in trace.fetched:
        article = one.article
        revision = f", revision {article.revision}" if article.revision else ""
        lines.append(
            f"{article.fetched:%Y-%m-%d %H:%M} UTC, published {article.published:%Y-%m-%d %H:%M}, "
            f"{clean(article.outlet)}{revision} ({'/'.join(map(str, one.place))})"
        )
        lines += [f"  “{clean(article.title)}”", *([f"  {clean(article.url)}"] if article.url else [])]
    if lines:
        return lines
    if trace.memory is None:
        return ["not on articles.v1, where articles stay for 30 days"]
    if trace.memory.waits:
        return ["by the ingester; it waits on disk for the broker"]
    return [f"by the ingester, last seen {trace.memory.seen:%Y-%m-%d %H:%M} UTC"]


def _relevant(trace: Trace) -> list[str]:
    if not trace.fetched:
        if trace.memory is not None and not trace.memory.sent:
            return ["no: it is not about a settlement, and was not sent on"]
        return ["it was sent on; its text is no longer there to say by which rule"] if trace.memory else []
    article = trace.fetched[-1].article
    if is_canary(article):
        return ["a canary is not judged"]
    verdict = judge(article.title, article.text)
    if verdict.relevant:
        return [f"yes: {verdict.reason}"]
    return [f"no by its present text ({verdict.reason}); by its feed's words, or an earlier revision, it was"]


def _read(trace: Trace, names: Mapping[str, str]) -> list[str]:
    lines = []
    for reading in trace.readings:
        chances = reading.probabilities
        chance = max(chances.favor, chances.against, chances.neither)
        lines.append(f"{_who(reading, names)}: {chances.label} {chance:.2f}, model {clean(reading.model)}")
        lines.append(f"  “{clip(clean(reading.quote), QUOTE_MOST)}”")
    if lines:
        return lines
    if not trace.fetched:
        return _looked_for(trace)
    waits = _waits(trace.fetched[-1])
    return [waits or ("put aside" if trace.dead else "no statement of anybody in the catalogue")]


def _looked_for(trace: Trace) -> list[str]:
    if trace.memory is not None and not trace.memory.sent:
        return []
    if trace.window is None:
        return ["not looked for: nothing says when it came; name the day with --since"]
    return [f"nothing between {trace.window.since:%Y-%m-%d} and {trace.window.until:%Y-%m-%d}"]


def _waits(newest: Fetched) -> str:
    offset = newest.place[2]
    if newest.committed is None:
        return "not yet: no worker has committed anything of its partition"
    if newest.committed <= offset:
        return f"not yet: {offset - newest.committed} records stand before it in its partition"
    return ""


def _counted(trace: Trace) -> list[str]:
    readings = {reading.id: reading for reading in trace.readings}
    return [
        f"{'yes' if one.counts else 'no'}: {clip(clean(readings[one.reading].quote), 50)}: {one.why}"
        for one in trace.counted
    ]


def _alerted(trace: Trace, names: Mapping[str, str]) -> list[str]:
    lines = [
        f"{headline(alert, names)}, {alert.at:%Y-%m-%d %H:%M} UTC, "
        f"{'raised by it' if alert.id in trace.raised else 'quotes it'} ({alert.id}.{alert.revision})"
        for alert in trace.alerts
    ]
    return lines or (["no alert rests on it"] if trace.readings else [])


def _told(trace: Trace) -> list[str]:
    if not trace.alerts:
        return []
    if trace.told is None:
        return ["not known here: name the notifier's directory with --state"]
    lines = [
        f"{one.at:%Y-%m-%d %H:%M:%S} UTC, {one.sink}, {one.alert}.{one.revision}: {explain(one)}" for one in trace.told
    ]
    return lines or ["the notifier has not read the alert yet"]


def _who(reading: Reading, names: Mapping[str, str]) -> str:
    speaker = "" if reading.speaker == reading.actor else f"{name(reading.speaker, names)} for "
    return f"{speaker}{name(reading.actor, names)} ({reading.capacity})"
