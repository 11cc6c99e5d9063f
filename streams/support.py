"""A case and a passage -> the readings that speak for it, and who they come from; never how probable it is."""

from streams.cases import INDEX, Case
from streams.dossiers.reports import Item, Report
from streams.records import Evidence, Reading, State


def outlets_for(case: Case, after: State, before: State) -> set[str]:
    """Return the outlets that independently report named evidence for `after` over `before` since the change."""
    return {report.outlet for weight, _, report, item in _supporting(case, after, before) if weight > 0 and item.named}


def is_first_party(case: Case, after: State, before: State) -> bool:
    """Whether the actor's own site is among those that report `after` since the change."""
    return any(
        case.relations.is_first_party(reading)
        for _, _, _, item in _supporting(case, after, before)
        if item.named and (reading := case.find(item.reading)) is not None
    )


def evidence_for(case: Case, after: State, before: State | None) -> tuple[Evidence, ...]:
    """Return the readings that speak loudest for `after` over `before` (the mean of the others for None).

    One from each report: a headline and the sentence it was made from would say the same twice.
    """
    found = sorted(
        _supporting(case, after, before),
        key=lambda support: (-round(support[0], 9), -support[2].time, support[3].reading),
    )
    shown: dict[str, Evidence] = {}
    for _, share, report, item in found:
        article = report.order[1]
        reading = case.find(item.reading) if article not in shown else None
        if reading is not None:
            weight = min(1.0, round(share * item.weight, 6))
            shown[article] = _quote(reading, weight, case.relations.is_first_party(reading))
        if len(shown) == case.settings.evidence_shown:
            break
    return tuple(shown.values())


def speaks_for(case: Case, reading: Reading, after: State, before: State) -> bool:
    """Whether the reading is likelier under `after` than under `before`."""
    evidence = case.dossier.emissions.weigh(reading)
    return evidence[INDEX[after]] > evidence[INDEX[before]]


def _supporting(case: Case, after: State, before: State | None) -> list[tuple[float, float, Report, Item]]:
    index = INDEX[after]
    found = []
    for event in case.dossier.events[case.first_of(after) :]:
        for report in event.leads:
            for item in report.items.values():
                other = (
                    (sum(item.evidence) - item.evidence[index]) / 2 if before is None else item.evidence[INDEX[before]]
                )
                gain = event.share * item.weight * (item.evidence[index] - other)
                if gain > 0:
                    found.append((gain, event.share, report, item))
    return found


def _quote(reading: Reading, weight: float, first_party: bool) -> Evidence:
    return Evidence(
        reading=reading.id,
        article=reading.article,
        outlet=reading.outlet,
        url=reading.url,
        title=reading.title,
        published=reading.published,
        speaker=reading.speaker,
        capacity=reading.capacity,
        quote=reading.quote,
        start=reading.start,
        end=reading.end,
        label=reading.probabilities.label,
        probabilities=reading.probabilities,
        weight=weight,
        condition=reading.condition,
        first_party=first_party,
    )
