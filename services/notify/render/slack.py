"""A message -> Slack's Block Kit: pure. Nothing that came from outside can become a mention, a link or markup.

Text goes in as `plain_text` where Slack allows it; `& < >` are escaped everywhere, and links are http(s) only.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from services.notify.message import Story, Tell
from services.notify.render.wording import (
    STATUS,
    attribution,
    choose_quotes,
    clean,
    clip,
    day,
    headline,
    history,
    minute,
    movement,
    percent,
    subject,
    summary,
    when_changed,
)
from streams.records import Evidence

HEADER_MOST: Final = 150
SECTION_MOST: Final = 3000
FIELD_MOST: Final = 2000
LINK_MOST: Final = 1500
LABEL_MOST: Final = 100
LINE_MOST: Final = 700
QUOTE_MOST: Final = 600
# Percent-encoded as they stand: `|` and `>` end a Slack link, the others break it or are no part of a URL.
URL_SAFE: Final = "%/:=&?~#+!$,;@()*[]'-._"
LATE: Final = "They rest on older evidence, or could not be delivered when they were raised."
MANY: Final = "They came within a short time, so they are told together."
Block = dict[str, Any]


def render_slack(tell: Tell, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the body of an incoming webhook's POST."""
    if tell.digest:
        text, blocks = _digest(tell, names)
    else:
        story = tell.stories[0]
        text, blocks = headline(story.newest.state, names), _story(story, names)
    return {"text": escape(text, SECTION_MOST), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def render_follow_up(story: Story, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the reply in the thread of an alert that was told before: what has become of it, in few words."""
    state = story.newest.state
    facts = f"{STATUS[state.status].capitalize()}. Probability {percent(state.probability)}, {minute(state.at)}."
    blocks = [_section(headline(state, names)), _context(_plain(facts, FIELD_MOST))]
    past = history(story)
    if past:
        blocks.append(_context(_plain(past, FIELD_MOST)))
    blocks.append(_context(_plain(f"Alert {state.id}.{state.revision}", FIELD_MOST)))
    text = escape(headline(state, names), SECTION_MOST)
    return {"text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def escape(text: str, limit: int) -> str:
    """Return clean text with `& < >` escaped, at most `limit` characters long after it."""
    text = clean(text)
    escaped = _entities(text)
    room = limit
    while len(escaped) > limit:
        room -= max(1, (len(escaped) - limit) // 5)
        escaped = _entities(clip(text, room))
    return escaped


def safe_link(url: str) -> str | None:
    """Return the address in a form that cannot end a Slack link early; None where it is not a web address."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        web = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    encoded = quote(url, safe=URL_SAFE, errors="replace")
    return encoded if web and len(encoded) <= LINK_MOST else None


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str, limit: int) -> Block:
    # Without `emoji`, Slack would turn ":gun:" in a quote into a picture.
    return {"type": "plain_text", "text": escape(text, limit), "emoji": False}


def _header(text: str) -> Block:
    return {"type": "header", "text": _plain(text, HEADER_MOST)}


def _section(text: str) -> Block:
    return {"type": "section", "text": _plain(text, SECTION_MOST)}


def _context(*elements: Block) -> Block:
    return {"type": "context", "elements": list(elements)}


def _story(story: Story, names: Mapping[str, str]) -> list[Block]:
    state = story.newest.state
    facts = {
        "Actor": subject(state, names),
        "Position": movement(state, names),
        "Since": when_changed(state),
        "Probability": percent(state.probability),
        "Status": STATUS[state.status],
    }
    blocks: list[Block] = [
        _header(headline(state, names)),
        {"type": "section", "fields": [_plain(f"{label}: {fact}", FIELD_MOST) for label, fact in facts.items()]},
    ]
    past = history(story)
    if past:
        blocks.append(_context(_plain(past, FIELD_MOST)))
    for evidence in choose_quotes(state):
        blocks.append(_section(f"“{clean(evidence.quote)}”"))
        blocks.append(_context(*_source(evidence, names)))
    blocks.append(_context(_plain(f"Alert {state.id}.{state.revision}, {minute(state.at)}", FIELD_MOST)))
    return blocks


def _source(evidence: Evidence, names: Mapping[str, str]) -> list[Block]:
    elements = [_plain(attribution(evidence, names), FIELD_MOST), _plain(day(evidence.published), FIELD_MOST)]
    if evidence.condition:
        elements.append(_plain(f"Condition: {evidence.condition}", FIELD_MOST))
    link = safe_link(evidence.url)
    if link is None:
        return [*elements, _plain(evidence.outlet, FIELD_MOST)]
    # The one place that needs Slack's markup. `verbatim` keeps it from looking for more in the label.
    label = escape(evidence.outlet.replace("|", "/"), LABEL_MOST) or "source"
    return [*elements, {"type": "mrkdwn", "text": f"<{_entities(link)}|{label}>", "verbatim": True}]


def _digest(tell: Tell, names: Mapping[str, str]) -> tuple[str, list[Block]]:
    """Two blocks an alert, so that at most 20 of them fit into a message."""
    title = summary(tell.stories, late=not tell.many)
    reason = MANY if tell.many else LATE
    blocks = [_header(title), _context(_plain(reason, FIELD_MOST))]
    for story in tell.stories:
        state = story.newest.state
        facts = f"Since about {day(state.since)}, probability {percent(state.probability)}, {minute(state.at)}"
        lines = [headline(state, names), f"{facts}. Alert {state.id}.{state.revision}.", history(story) or ""]
        quotes = choose_quotes(state)[:1]
        lines += [f"“{clip(clean(evidence.quote), QUOTE_MOST)}”" for evidence in quotes]
        # Slack breaks lines in plain text where there is a newline, and cleaning has left none but these.
        text = "\n".join(escape(line, LINE_MOST) for line in lines if line)
        blocks.append({"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}})
        blocks += [_context(*_source(evidence, names)) for evidence in quotes]
    return f"{title}: " + "; ".join(headline(story.newest.state, names) for story in tell.stories), blocks
