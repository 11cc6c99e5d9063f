"""Allies, or a minister and the government, that used to agree: an alert when, and only when, they lastingly differ."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from streams.catalogue import read_catalogue
from streams.evidence import follow
from streams.memory import Memory
from streams.records import Capacity, EvidenceRecord, Reading, ShiftAlert, Stance, Stand, Withdrawal
from streams.relations import Relations, parse_relations, read_relations
from streams.topics import encode
from tests.streams.made import START, Worker, pulse, reading, weeks_of

ALLIES = Relations((("grenzmark", "ruritania"),))


def worker() -> Worker:
    return Worker(memory=Memory(relations=ALLIES))


def in_order(*readings: list[Reading], until: int) -> list[EvidenceRecord]:
    records: list[EvidenceRecord] = [one for some in readings for one in some]
    records += [pulse(day) for day in range(1, until)]
    return sorted(records, key=lambda r: (r.time if isinstance(r, Reading) else r.minute, isinstance(r, Reading)))  # type: ignore[union-attr]


def of(kind: str, worker: Worker) -> list[ShiftAlert]:
    return [alert for alert in worker.alerts if alert.kind == kind]


def both(label: Stance, first: float, days: int) -> list[list[Reading]]:
    return [weeks_of(label, first, days, actor=actor) for actor in ("grenzmark", "ruritania")]


def one_of(actor: str, label: Stance, first: float, days: int) -> list[Reading]:
    return weeks_of(label, first, days, actor=actor)


# --- allies ---------------------------------------------------------------------------------------------------------

# The written timelines of this kind: three months in which two allies agree; then one of them moves.
AGREE = both("against", 0.0, 90)


@pytest.mark.parametrize(("mover", "stayer"), [("ruritania", "grenzmark"), ("grenzmark", "ruritania")])
def test_allies_that_used_to_agree_and_lastingly_differ_part(mover: str, stayer: str) -> None:
    log = in_order(*AGREE, one_of(mover, "favor", 90, 50), one_of(stayer, "against", 90, 50), until=145)
    pending, confirmed = of("ally-split", worker().take(*log))
    assert (pending.status, confirmed.status, pending.id) == ("pending", "confirmed", confirmed.id)
    assert (confirmed.actor, confirmed.other, confirmed.speaker) == (mover, stayer, None)
    assert (confirmed.before, confirmed.after) == ("against", "favor")
    assert 21 <= (confirmed.at - confirmed.since).days <= 30
    assert abs((confirmed.since - START).days - 90) <= 1
    assert {one.label for one in confirmed.evidence} == {"favor", "against"}, "both are quoted"


def test_allies_that_move_together_do_not_part() -> None:
    log = in_order(*AGREE, one_of("ruritania", "favor", 90, 60), one_of("grenzmark", "favor", 95, 60), until=155)
    assert "confirmed" not in [alert.status for alert in of("ally-split", worker().take(*log))]


def test_an_ally_that_has_not_spoken_since_has_not_disagreed() -> None:
    log = in_order(*AGREE, one_of("ruritania", "favor", 91, 60), until=155)
    assert of("ally-split", worker().take(*log)) == []


def test_who_never_agreed_cannot_part() -> None:
    log = in_order(one_of("ruritania", "favor", 0, 140), one_of("grenzmark", "against", 0, 140), until=140)
    assert of("ally-split", worker().take(*log)) == []


def test_a_short_agreement_is_none() -> None:
    log = in_order(
        *both("against", 0.0, 30),
        one_of("ruritania", "favor", 30, 60),
        one_of("grenzmark", "against", 30, 60),
        until=95,
    )
    assert of("ally-split", worker().take(*log)) == []


def test_two_that_are_no_allies_do_not_part() -> None:
    log = in_order(*AGREE, one_of("ruritania", "favor", 90, 50), one_of("grenzmark", "against", 90, 50), until=145)
    strangers = Worker(memory=Memory(relations=Relations()))
    assert of("ally-split", strangers.take(*log)) == []


def test_noise_between_allies_raises_nothing() -> None:
    noisy = [
        replace(one, probabilities=reading("x", 0.0, "favor").probabilities) if number % 9 == 4 else one
        for number, one in enumerate(one_of("ruritania", "against", 0, 240))
    ]
    log = in_order(noisy, one_of("grenzmark", "against", 0, 240), until=240)
    assert of("ally-split", worker().take(*log)) == []


def test_allies_in_two_partitions_part_as_they_do_in_one() -> None:
    """Each worker sees its own actor, every pulse, and what comes back on the log for it."""
    log = in_order(*AGREE, one_of("ruritania", "favor", 90, 50), one_of("grenzmark", "against", 90, 50), until=145)
    together = worker().take(*log)
    parts = {"grenzmark": worker(), "ruritania": worker()}
    for record in log:
        for actor, part in parts.items():
            if isinstance(record, Reading) and record.actor != actor:
                continue
            outcome = follow(record, part.memory)
            part.send(outcome)
            part.memory.put(outcome.states)
            for stand in outcome.stands:
                parts[stand.to].take(stand)
    split = [alert for part in parts.values() for alert in of("ally-split", part)]
    assert [(a.actor, a.other, a.status) for a in split] == [
        (a.actor, a.other, a.status) for a in of("ally-split", together)
    ]
    assert [
        abs((a.at - b.at).total_seconds()) <= 86_400 for a, b in zip(split, of("ally-split", together), strict=True)
    ]


def test_withdrawn_words_retract_a_parting() -> None:
    moved = one_of("grenzmark", "favor", 90, 50)
    log = in_order(*AGREE, moved, one_of("ruritania", "against", 90, 50), until=141)
    parted = worker().take(*log)
    assert of("ally-split", parted)[-1].status == "confirmed"
    parted.take(*(Withdrawal(article=one.article, revision=1, at=START) for one in moved), pulse(141.5))
    assert of("ally-split", parted)[-1].status == "retracted"


def test_a_restart_at_any_point_changes_no_parting() -> None:
    log = in_order(*AGREE, one_of("ruritania", "favor", 90, 50), one_of("grenzmark", "against", 90, 50), until=145)
    whole = worker().take(*log)
    for cut in range(260, len(log), 37):
        first = worker().take(*log[:cut])
        after = first.restart()
        after.memory.relations = ALLIES
        assert [encode(a) for a in [*first.alerts, *after.take(*log[cut:]).alerts]] == [encode(a) for a in whole.alerts]


def test_what_allies_are_told_does_not_pile_up() -> None:
    told = worker().take(*in_order(*AGREE, until=90))
    assert 1 <= sum(key.startswith("stand ") for key in told.rows) <= 3


def test_an_ally_is_told_where_the_other_stands_and_why() -> None:
    stands: list[Stand] = []
    told = worker()
    for record in in_order(one_of("ruritania", "against", 0, 30), until=30):
        outcome = follow(record, told.memory)
        told.memory.put(outcome.states)
        stands += outcome.stands
    assert {(stand.to, stand.actor, stand.stance) for stand in stands} == {("grenzmark", "ruritania", "against")}
    assert all(one.label == "against" for stand in stands for one in stand.evidence)


# --- a person and the government ------------------------------------------------------------------------------------


def minister(
    label: Stance, first: float, days: int, outlets: str = "ABC", capacity: Capacity = "government", every: float = 1.0
) -> list[Reading]:
    return [
        reading(
            f"m-{label}-{first:g}-{i}", first + 0.5 + i * every, label, outlets[i % len(outlets)],
            speaker="Minister M", capacity=capacity,
        )
        for i in range(int(days / every))
    ]  # fmt: skip


def leader(label: Stance, first: float, days: int) -> list[Reading]:
    return weeks_of(label, first, days, every=0.5)


@pytest.mark.parametrize("capacity", ["government", "military", "legislature"])
def test_an_office_holder_who_lastingly_differs_departs(capacity: Capacity) -> None:
    words = [*minister("against", 0, 90, capacity=capacity), *minister("favor", 90, 60, capacity=capacity, every=3)]
    alone = Worker().take(*in_order(leader("against", 0, 150), words, until=151))
    departed = of("departure", alone)
    assert [alert.status for alert in departed] == ["pending", "confirmed"]
    confirmed = departed[-1]
    assert (confirmed.actor, confirmed.speaker, confirmed.other) == ("ruritania", "Minister M", "ruritania")
    assert (confirmed.before, confirmed.after) == ("against", "favor")
    assert confirmed.evidence[0].speaker == "Minister M"


def test_an_opponent_or_an_expert_does_not_depart() -> None:
    for capacity in ("opposition", "expert"):
        words = [*minister("against", 0, 90, capacity=capacity), *minister("favor", 90, 60, capacity=capacity)]
        assert of("departure", Worker().take(*in_order(leader("against", 0, 150), words, until=151))) == []


def test_a_leader_cannot_depart_from_the_government() -> None:
    moved = Worker().take(*in_order(leader("against", 0, 90), leader("favor", 90, 60), until=151))
    assert of("departure", moved) == []


def test_a_minister_who_moves_with_the_government_does_not_depart() -> None:
    words = [*minister("against", 0, 90), *minister("favor", 90, 60)]
    together = Worker().take(*in_order(leader("against", 0, 90), leader("favor", 90, 60), words, until=151))
    assert "confirmed" not in [alert.status for alert in of("departure", together)]


def test_one_slip_of_the_tongue_is_no_departure() -> None:
    words = [*minister("against", 0, 90), *minister("favor", 90, 1), *minister("against", 92, 50)]
    assert of("departure", Worker().take(*in_order(leader("against", 0, 145), words, until=146))) == []


def test_a_minister_s_own_voice_has_no_position_of_its_own_and_still_moves_the_state() -> None:
    alone = Worker().take(*minister("favor", 0, 30))
    assert set(alone.positions) == {"ruritania"}
    assert alone.positions["ruritania"].stance == "favor"


# --- the file -------------------------------------------------------------------------------------------------------


def test_the_file_of_relations_names_actors_of_the_catalogue() -> None:
    relations, actors = read_relations(), read_catalogue().actors
    named = {actor for pair in relations.allies for actor in pair} | set(relations.first_party)
    assert named - set(actors) == set()
    assert len(relations.allies) >= 10
    assert all(one < other for one, other in relations.allies)


def test_the_outlets_of_the_starter_feeds_are_known_as_first_party() -> None:
    feeds = (Path(__file__).parents[2] / "services" / "ingest" / "feeds.opml").read_text()
    outlets = [outlet for sites in read_relations().first_party.values() for outlet in sites]
    assert sum(f'text="{outlet}"' in feeds for outlet in outlets) >= 5


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("allies: [[a]]", "expected two actors"),
        ("allies: [[a, b], [b, a]]", "stands here once"),
        ("allies: [[a, a]]", "no ally of its own"),
        ("friends: []", "nothing else"),
        ("first_party: {a: [x]}", "expected a host"),
    ],
)
def test_a_wrong_file_is_refused_by_its_line(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_relations(text)
