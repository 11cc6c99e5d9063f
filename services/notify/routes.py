"""The file of routes -> its sinks and what each is told, or every problem in it; opens no channel, shows no secret."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

from pydantic import SecretStr

from services.durations import read_duration
from services.errors import UsageProblem
from services.notify.addresses import check_url
from services.notify.references import Named, Problem, Reading, closest
from services.notify.taste import NEWS, Grouping, Rule
from services.notify.yaml_lines import BadYaml, Lines, as_mapping
from services.notify.yaml_lines import Path as Place
from streams.canary import KIND as CANARY
from streams.records import AlertKind, AlertStatus

SinkType = Literal["slack", "webhook"]
NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
CHANNEL: Final = re.compile(r"[CGD][A-Z0-9]{8,}")
KINDS: Final = tuple(kind for kind in get_args(AlertKind) if kind != CANARY)
TAKEN: Final = frozenset({"terminal", "canary"})
KEYS: Final = {
    "slack": frozenset({"type", "webhook", "token", "channel", "api", "digest"}),
    "webhook": frozenset({"type", "url", "secret", "digest"}),
}
ROUTE_KEYS: Final = ("to", "actors", "people", "kinds", "status", "probability")
SLACK_API: Final = "https://slack.com/api"


@dataclass(frozen=True, slots=True)
class SinkPlan:
    """A sink as the file has it. `address` is a webhook's, or the base of Slack's methods where there is a `token`."""

    name: str
    type: SinkType
    address: SecretStr
    token: SecretStr | None = None
    channel: str = ""
    signing: tuple[SecretStr, ...] = ()
    grouping: Grouping | None = None
    rules: tuple[Rule, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not show in any line."""
        found = (self.address if self.token is None else self.token, *self.signing)
        return tuple(secret.get_secret_value() for secret in found)


@dataclass
class _Reader(Reading):
    """One reading of a file of routes."""

    known_actors: frozenset[str] = frozenset()
    known_people: frozenset[str] = frozenset()

    def sink(self, name: str, value: object) -> SinkPlan | None:
        place: Place = ("sinks", name)
        if not NAME.fullmatch(name) or name in TAKEN:
            self.wrong(place, "not a name for a sink; use small letters, digits and hyphens, not terminal or canary")
        entry = as_mapping(value)
        kind = entry.get("type") if entry else None
        if entry is None or kind not in KEYS:
            self.wrong((*place, "type"), f"{'missing' if kind is None else 'unknown'}; write slack or webhook")
            return None
        self.keys(dict(entry), sorted(KEYS[kind]), place)
        grouping = self.grouping(entry.get("digest"), (*place, "digest"))
        if kind == "webhook":
            address = self.url(entry, "url", place)
            signing = self.secret(entry["secret"], (*place, "secret")) if "secret" in entry else None
            keys = self.signing(signing, (*place, "secret")) if signing else ()
            return SinkPlan(name, "webhook", address, signing=keys, grouping=grouping) if address else None
        if ("webhook" in entry) == ("token" in entry):
            self.wrong(place, "give either `webhook`, or `token` and `channel`")
            return None
        if "webhook" in entry:
            address = self.url(entry, "webhook", place)
            return SinkPlan(name, "slack", address, grouping=grouping) if address else None
        return self.bot(name, dict(entry), place, grouping)

    def bot(self, name: str, entry: dict[str, Any], place: Place, grouping: Grouping | None) -> SinkPlan | None:
        token = self.secret(entry["token"], (*place, "token"))
        channel = entry.get("channel")
        if token and not token.get_secret_value().startswith("xoxb-"):
            self.wrong((*place, "token"), "not a bot token; one begins with xoxb-")
        if not isinstance(channel, str) or not CHANNEL.fullmatch(channel):
            self.wrong(
                (*place, "channel"), "write the channel's id, such as C0123456789 (in Slack: channel details, below)"
            )
            return None
        api = str(entry.get("api", SLACK_API))
        try:
            check_url(api, "api")
        except UsageProblem:
            self.wrong((*place, "api"), f"not a web address; leave it out for {SLACK_API}")
        return SinkPlan(name, "slack", SecretStr(api), token, channel, grouping=grouping) if token else None

    def grouping(self, value: object, place: Place) -> Grouping | None:
        if value is None:
            return None
        entry = as_mapping(value)
        if entry is None or set(entry) != {"window", "count"}:
            self.wrong(place, "write both: digest: {window: 10m, count: 5}")
            return None
        count = entry["count"]
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            self.wrong((*place, "count"), "write a whole number from 1 on: the most messages in a window")
            return None
        try:
            return Grouping(read_duration(str(entry["window"])), count)
        except ValueError as error:
            self.wrong((*place, "window"), str(error))
            return None

    def route(self, number: int, value: object, sinks: Iterable[str]) -> tuple[frozenset[str], Rule]:
        place: Place = ("routes", number)
        entry = as_mapping(value)
        if entry is None or "to" not in entry:
            self.wrong(place, "say where it leads: to: [SINK]")
            return frozenset(), Rule()
        self.keys(dict(entry), ROUTE_KEYS, place)
        rule = Rule(
            actors=self.words(entry, "actors", self.known_actors, place),
            people=self.words(entry, "people", self.known_people, place),
            kinds=self.words(entry, "kinds", KINDS, place),
            statuses=self.words(entry, "status", get_args(AlertStatus), place),
            probability=self.probability(entry.get("probability", 0.0), (*place, "probability")),
        )
        return self.words(entry, "to", tuple(sinks), place), rule

    def words(self, entry: Any, key: str, known: Iterable[str], place: Place) -> frozenset[str]:
        if key not in entry:
            return frozenset()
        value = entry[key]
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not listed:
            self.wrong((*place, key), f"write a list, such as {key}: [{next(iter(sorted(known)), '…')}]")
            return frozenset()
        known = tuple(known)
        for number, word in enumerate(listed):
            if not isinstance(word, str) or word not in known:
                self.wrong((*place, key, number), f"{word}: not known; {closest(str(word), known)}")
        return frozenset(str(word) for word in listed)

    def probability(self, value: object, place: Place) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
            self.wrong(place, "write a number from 0 to 1: the least probability that is told")
            return 0.0
        return float(value)


def read_routes(
    text: str, folder: Path, named: Named, actors: Iterable[str], people: Iterable[str]
) -> tuple[list[SinkPlan], list[Problem]]:
    """Return the sinks in the file's order and what is wrong, by line; the sinks mean nothing where something is.

    `folder` is where relative paths of secrets begin, `named` looks up an environment variable.
    """
    try:
        lines = Lines(text)
    except BadYaml as error:
        return [], [Problem(error.line, "", f"not YAML: {error}; mend this line or the one before it")]
    reader = _Reader(lines, folder, named, known_actors=frozenset(actors), known_people=frozenset(people))
    top = as_mapping(lines.data)
    sinks, routes = (top.get("sinks"), top.get("routes")) if top else (None, None)
    sinks = as_mapping(sinks)
    if top is None or not sinks or not isinstance(routes, list) or not routes:
        reader.wrong((), "write `sinks:` with a name for each, and `routes:` with a list; see ops/routes.example.yaml")
        return [], reader.problems
    reader.keys(dict(top), ("sinks", "routes"), ())
    for path in lines.twice:
        reader.wrong(path, "stands there twice; the second would replace the first")
    plans = {name: reader.sink(name, value) for name, value in sinks.items()}
    rules: dict[str, list[Rule]] = {name: [] for name in plans}
    for number, value in enumerate(routes):
        to, rule = reader.route(number, value, plans)
        for name in to & plans.keys():
            rules[name].append(rule)
    for name in (name for name, led in rules.items() if not led):
        reader.wrong(("sinks", name), "no route leads to it; add it to a route's `to`, or take it out")
    found = [replace(plan, rules=_people_first(plan.type, rules[name])) for name, plan in plans.items() if plan]
    return found, sorted(reader.problems)


def _people_first(kind: SinkType, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """A route to people that names no kinds means news: a first position is none, since nobody moved."""
    if kind == "webhook":
        return tuple(rules)
    return tuple(rule if rule.kinds else rule._replace(but_kinds=NEWS.but_kinds) for rule in rules)
