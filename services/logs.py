"""Log lines of every process: one line an event, on standard error, as text or as a JSON object each.

A line of JSON has `time` (UTC), `level`, `logger`, `event` and `message`, and the ids that the event is about:
`article`, `alert` and `revision`, `sink`, `feed` and the like. Levels mean: `debug`, what happens all the time; `info`,
what a desk may want to look up; `warning`, what mends itself or costs a little; `error`, what somebody must see to;
`critical`, the end of the process.
"""

import json
import logging
import re
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

TEXT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
HIDDEN: Final = "<secret>"
SHORTEST_SECRET: Final = 8  # What is shorter is part of ordinary words.
_secrets: set[str] = set()


def start_logging(level: str, form: str = "text") -> None:
    """Send the project's log to standard error at `level`, as "text" or "json"; libraries speak from warning up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines(TEXT, "%Y-%m-%dT%H:%M:%S"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("parley").setLevel(level.upper())
    if form == "json":
        # Nothing may stand between the lines that is none.
        logging.captureWarnings(True)
        sys.excepthook = _log_uncaught
        threading.excepthook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def about(event: str, **ids: object) -> dict[str, Any]:
    """Return what a log call takes as `extra`: the event's name and the ids it is about.

    An event without a name is named by its message's fixed words.
    """
    return {"about": {"event": event, **{name: id_ for name, id_ in ids.items() if id_ is not None}}}


def conceal(*secrets: str) -> None:
    """Keep these out of every line, whoever writes it: an error of a library may quote what it was given."""
    _secrets.update(secret for secret in secrets if len(secret) >= SHORTEST_SECRET)


def is_json() -> bool:
    """Whether this process logs lines of JSON."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers)


def _clean(line: str) -> str:
    for secret in _secrets:
        line = line.replace(secret, HIDDEN)
    return line


class TextLines(logging.Formatter):
    """Lines for people."""

    def format(self, record: logging.LogRecord) -> str:
        return _clean(super().format(record))


class JsonLines(logging.Formatter):
    """Lines for machines; a traceback is the text of `error`."""

    def format(self, record: logging.LogRecord) -> str:
        about_it = dict(getattr(record, "about", {}))
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": about_it.pop("event", None) or _name(record),
            "message": _clean(record.getMessage()),
        }
        line |= {name: _clean(str(id_)) if isinstance(id_, str) else id_ for name, id_ in about_it.items()}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = _clean(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def _name(record: logging.LogRecord) -> str:
    """The fixed words of the message, which are the same for every such event."""
    words = re.findall(r"[a-z]+", re.sub(r"%[-+ #0]*[\d.]*[a-zA-Z]", " ", str(record.msg)).lower())
    return "-".join(words[:8]) or "line"


def _log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger("parley").critical(
        "%s: %s", kind.__name__, error, exc_info=(kind, error, trace), extra=about("uncaught")
    )
