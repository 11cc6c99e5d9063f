"""Reads the seed documents as `parley read` does and says which known stances come out; never trains, changes nothing.

Run it as `python -m models.seed_scores`. It prints one line for each stance that is known to be in the documents, one
for each favor or against that is read and not annotated, and the counts.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from models.corpus.seed_annotations import AUTHOR, Annotation, read_annotations, read_seeds
from models.predict import StanceReader
from streams.catalogue import read_catalogue
from streams.readings import make_readings
from streams.records import Article, Reading, Stance
from streams.statements import read_article

# Offsets into an article count from its title on; a seed's text follows an empty title and two line breaks.
_BEFORE_TEXT: Final = 2


class Known(NamedTuple):
    """A stance that must come out of a document: of an actor, a speaker (any where empty), a passage (likewise)."""

    document: str
    actor: str
    speaker: str
    stance: Stance
    words: str = ""


KNOWN: Final = (
    Known("000", "united-kingdom", "", "against"),
    Known("000", "united-states", "", "against"),
    Known("000", "france", "", "favor"),
    Known("000", "germany", "", "favor"),
    Known("000", "italy", "", "favor"),
    Known("001", "united-states", "Milley", "favor"),
    Known("001", "united-states", "Kirby", "neither"),
    Known("001", "ukraine", "Zelensky", "against", "Immoral compromises"),
    Known("001", "expert", "Kagan", "against"),
    Known("001", "expert", "Kupchan", "favor"),
    Known("002", "expert", AUTHOR, "favor"),
    Known("002", "ukraine", "Kyiv", "against"),
    Known("002", "russia", "Putin", "favor"),
    Known("002", "united-states", "Biden administration", "against"),
    Known("003", "united-kingdom", "Starmer", "favor"),
)


def read_seed_documents(reader: StanceReader) -> dict[str, tuple[Reading, ...]]:
    """Return the readings of each seed document by its file name, on the date that it is annotated with."""
    catalogue = read_catalogue()
    dates = {each.document: each.date for each in read_annotations()}
    readings = {}
    for name, text in read_seeds().items():
        day = dates[name]
        published = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        article = Article(
            id=name.removesuffix(".txt"), url="", outlet="", title="", text=text, published=published, fetched=published
        )
        statements = read_article(article, catalogue).statements
        readings[name] = make_readings(article, statements, reader.read(statements), reader.version)
    return readings


def is_found(known: Known, readings: Mapping[str, Sequence[Reading]]) -> bool:
    """Whether the stance comes out and its opposite does not; `neither` means that there is no reading but that."""
    labels = {
        reading.probabilities.label
        for name, ones in readings.items()
        for reading in ones
        if name.startswith(known.document)
        and reading.actor == known.actor
        and known.speaker in reading.speaker
        and known.words in reading.quote
        and not reading.old
    }
    return known.stance in labels and labels <= {known.stance, "neither"}


def unannotated(
    readings: Mapping[str, Sequence[Reading]], annotations: Sequence[Annotation]
) -> Iterator[tuple[str, Reading]]:
    """Yield what is read as favor or against of an actor for whom no annotation that it overlaps says so."""
    for name, ones in readings.items():
        for reading in ones:
            label = reading.probabilities.label
            if label != "neither" and not any(_says(each, name, reading, label) for each in annotations):
                yield name, reading


def recalled(annotations: Sequence[Annotation], readings: Mapping[str, Sequence[Reading]]) -> list[Annotation]:
    """The annotations for or against that a reading of the same actor, which overlaps them, agrees with."""
    return [
        each
        for each in annotations
        if each.label != "neither"
        and any(_says(each, each.document, reading, reading.probabilities.label) for reading in readings[each.document])
    ]


def _says(each: Annotation, name: str, reading: Reading, label: Stance) -> bool:
    start, end = reading.start - _BEFORE_TEXT, reading.end - _BEFORE_TEXT
    overlaps = max(start, each.start) < min(end, each.end)
    return (each.document, each.actor, each.label) == (name, reading.actor, label) and overlaps


def main() -> None:
    """Print what was found and what was missed."""
    reader = StanceReader.load()
    readings, annotations = read_seed_documents(reader), read_annotations()
    say = sys.stdout.write
    found = [is_found(known, readings) for known in KNOWN]
    for known, hit in zip(KNOWN, found, strict=True):
        who = f"{known.actor} ({known.speaker})" if known.speaker else known.actor
        say(f"{'found ' if hit else 'MISSED'} {known.document} {who}: {known.stance}\n")
    beyond = list(unannotated(readings, annotations))
    for name, reading in beyond:
        say(f"beyond {name[:3]} {reading.actor} ({reading.speaker}): {reading.probabilities.label}: {reading.quote}\n")
    stances = [each for each in annotations if each.label != "neither"]
    say(
        f"model {reader.version}: {sum(found)} of {len(KNOWN)} known stances; {len(recalled(stances, readings))} of "
        f"{len(stances)} statements for or against; {len(beyond)} read that are not annotated\n"
    )


if __name__ == "__main__":
    main()
