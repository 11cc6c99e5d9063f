"""A message -> plain text for a terminal, or one JSON line a state: pure; no control character gets through."""

import textwrap
from collections.abc import Mapping

from services.notify.message import Story, Tell
from services.notify.render.wording import (
    STATUS,
    attribution,
    choose_quotes,
    clean,
    day,
    headline,
    history,
    minute,
    percent,
    summary,
    when_changed,
)
from streams.topics import encode

WIDTH = 100
RULE = "─" * WIDTH


def render_text(tell: Tell, names: Mapping[str, str]) -> str:
    """Return a block of lines, at most 100 wide but for addresses, which stay whole."""
    lines = [RULE]
    if tell.digest:
        lines += _wrap(summary(tell.stories, late=not tell.many), "")
        for story in tell.stories:
            lines += ["", *_story(story, names, quotes=1)]
    else:
        lines += _story(tell.stories[0], names, quotes=3)
    return "\n".join(lines) + "\n"


def render_lines(tell: Tell) -> str:
    """Return the states as `alerts.v1` has them, one JSON object a line."""
    return "".join(encode(one.state).decode() + "\n" for one in tell.states)


def _story(story: Story, names: Mapping[str, str], quotes: int) -> list[str]:
    state = story.newest.state
    lines = _wrap(headline(state, names), "")
    lines += _wrap(
        f"since {when_changed(state)} · probability {percent(state.probability)} · {STATUS[state.status]} · "
        f"{minute(state.at)} · alert {clean(state.id)}.{state.revision}",
        "  ",
    )
    past = history(story)
    if past:
        lines += _wrap(past, "  ")
    for evidence in choose_quotes(state)[:quotes]:
        lines += _wrap(f"“{clean(evidence.quote)}”", "  ")
        source = f"{attribution(evidence, names)}, {clean(evidence.outlet)}, {day(evidence.published)}"
        lines += _wrap(source + (f"; condition: {clean(evidence.condition)}" if evidence.condition else ""), "    ")
        lines += _wrap(clean(evidence.url), "    ")
    return lines


def _wrap(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
