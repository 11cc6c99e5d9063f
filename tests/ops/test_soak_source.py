"""What the soak feeds to Parley is news to it: each headline is somebody's words, and both stances come."""

from collections import Counter

from models.predict import StanceReader
from ops.soak.source import TURN_DAYS, TURNING, Source
from tests.streams.statements.sample import statements


def test_every_article_is_a_statement_of_its_actor_and_each_turns() -> None:
    source = Source(rate=1.0, day=1.0)
    numbers = [turn + each for turn in (0, int(TURN_DAYS)) for each in range(24)]
    found = [statements(*source._words(number)) for number in numbers]
    assert all(found)
    stances = StanceReader.load(None).read([one[0] for one in found])
    labels = Counter((one[0].actor, stance.label) for one, stance in zip(found, stances, strict=True))
    assert len({actor for actor, _ in labels}) == len(TURNING)
    for actor in {actor for actor, _ in labels}:
        assert labels[actor, "favor"] >= 2
        assert labels[actor, "against"] >= 2
