"""The annotated seed documents: every quote stands where it is said to stand, and the known stances are in them."""

from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
import yaml

from models.corpus.rows import BadRow, read_corpus
from models.corpus.seed_annotations import Annotation, check_annotations, read_annotations, read_seeds
from models.corpus.validate import NO_STATE
from streams.catalogue import read_catalogue
from streams.records import Stance

SEEDS = read_seeds()
ANNOTATIONS = read_annotations()
ACTORS = read_catalogue().actors

# What the codebook calls neither ("a wish that the war end, without a word of talks") and favor (a mediator), and a row
# of the corpus does not.
KNOWN_TO_DIFFER = {
    "It is in the interests of the U.S. and E",
    "Instead, the U.S. and its European allie",
    "Starmer adopted a more conciliatory tone",
}

# Document, actor, speaker (any where empty), capacities, and the stances that the document's statements amount to.
GROUND_TRUTH: list[tuple[str, str, str, set[str], set[Stance]]] = [
    ("000", "united-kingdom", "", {"government", "unnamed"}, {"against"}),
    ("000", "united-states", "", {"government", "unnamed"}, {"against"}),
    ("000", "france", "", {"leader", "government"}, {"favor"}),
    ("000", "germany", "", {"government"}, {"favor"}),
    ("000", "italy", "", {"government"}, {"favor"}),
    ("001", "united-states", "Milley", {"military"}, {"favor"}),
    ("001", "united-states", "Kirby", {"government"}, set()),
    ("001", "expert", "Kagan", {"expert"}, {"against"}),
    ("001", "expert", "Kupchan", {"expert"}, {"favor"}),
    ("002", "expert", "author", {"expert"}, {"favor"}),
    ("002", "ukraine", "Kyiv", {"government"}, {"against"}),
    ("002", "russia", "Putin", {"leader"}, {"favor"}),
    ("002", "united-states", "Biden administration", {"government"}, {"against"}),
    ("003", "united-kingdom", "Starmer", {"leader"}, {"favor"}),
]


def annotation(**changes: object) -> Annotation:
    """The first annotation, changed."""
    return msgspec.structs.replace(ANNOTATIONS[0], **changes)


def problems(*annotations: Annotation) -> list[str]:
    return [*check_annotations(annotations, SEEDS, ACTORS)]


def test_the_annotations_have_no_problem() -> None:
    assert [*check_annotations(ANNOTATIONS, SEEDS, ACTORS)] == []


def test_every_quote_is_exactly_its_slice_of_the_document() -> None:
    assert len(ANNOTATIONS) >= 130
    assert [each for each in ANNOTATIONS if SEEDS[each.document][each.start : each.end] != each.quote] == []


def test_all_four_documents_are_annotated_and_dated() -> None:
    dates = {each.document[:3]: each.date.isoformat() for each in ANNOTATIONS}
    assert dates == {"000": "2022-06-06", "001": "2022-11-18", "002": "2024-06-20", "003": "2025-02-25"}
    assert {each.document for each in ANNOTATIONS} == set(SEEDS)


def test_the_newsroom_serves_the_documents_on_the_dates_of_the_annotations() -> None:
    served = yaml.safe_load(files("services.newsroom").joinpath("seeds.yaml").read_text(encoding="utf-8"))
    pages = served if isinstance(served, list) else next(iter(served.values()))
    dates = {page["file"]: page["published"].date() for page in pages}
    assert dates == {each.document: each.date for each in ANNOTATIONS}


@pytest.mark.parametrize(("number", "actor", "speaker", "capacities", "stances"), GROUND_TRUTH)
def test_the_known_stances_are_annotated(
    number: str, actor: str, speaker: str, capacities: set[str], stances: set[Stance]
) -> None:
    about = [
        each
        for each in ANNOTATIONS
        if each.document.startswith(number) and each.actor == actor and speaker in each.speaker
    ]
    assert about
    assert {each.capacity for each in about} <= capacities
    assert {each.label for each in about} - {"neither"} == stances


def test_zelensky_refuses_concessions_and_drops_a_precondition_in_one_document() -> None:
    (against,) = (each for each in ANNOTATIONS if each.actor == "ukraine" and "Immoral compromises" in each.quote)
    (favor,) = (each for each in ANNOTATIONS if each.actor == "ukraine" and "dropping his need" in each.quote)
    assert (against.label, favor.label, favor.reported_by) == ("against", "favor", "Kyiv Post")


def test_what_was_said_in_2022_and_before_is_old_in_2024() -> None:
    old = {each.speaker for each in ANNOTATIONS if each.old}
    assert old == {"Zelensky", "Fiona Hill", "William Burns", "George W. Bush administration"}
    assert {each.label for each in ANNOTATIONS if each.old} == {"neither"}


def test_the_rows_of_the_corpus_that_come_from_the_seeds_stand_in_them() -> None:
    """The rows have straight quotation marks, and a few join or leave out what stands behind their first sentence."""
    plain = str.maketrans({"“": '"', "”": '"', "’": "'", "\xa0": " "})
    text = " ".join(" ".join(SEEDS.values()).translate(plain).split())
    rows = [row for row in read_corpus() if row.provenance == "seed"]
    assert len(rows) >= 100
    assert [row.text for row in rows if " ".join(row.text.split())[:45] not in text] == []


def test_rows_and_annotations_agree_but_where_it_is_known_that_they_do_not() -> None:
    """The annotations follow the codebook; these rows do not, and their labels are part of the model's corpus."""
    plain = str.maketrans({"“": '"', "”": '"', "’": "'", "\xa0": " "})
    labels: dict[tuple[str, str], set[str]] = {}
    for each in ANNOTATIONS:
        quote = " ".join(each.quote.translate(plain).split())
        labels.setdefault((each.actor if each.actor not in NO_STATE else "", quote), set()).add(each.label)
    differing = {
        row.text[:40]
        for row in read_corpus()
        if row.provenance == "seed"
        for key in [(row.actor if row.actor not in NO_STATE else "", " ".join(row.text.split()))]
        if key in labels and row.label not in labels[key]
    }
    assert differing <= KNOWN_TO_DIFFER


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"start": 1}, "not 'US and UK"),
        ({"document": "004.txt"}, "no such document"),
        ({"actor": "atlantis"}, "unknown actor"),
        ({"speaker": "France"}, "do not name 'France'"),
        ({"speaker_end": 4_000}, "are not in the quote"),
        ({"speaker": "Nobody", "speaker_start": -1, "speaker_end": -1}, "nowhere in the document"),
        ({"condition": "once it rains"}, "the condition"),
        ({"reported_by": "Nobody's Post"}, "who reports it"),
    ],
)
def test_a_wrong_annotation_is_named(changes: dict[str, object], problem: str) -> None:
    found = problems(annotation(**changes))
    assert any(problem in line for line in found), found


def test_one_speakers_words_are_annotated_once() -> None:
    (line,) = problems(annotation(), annotation(label="favor"))
    assert "as against and as favor" in line


def test_a_document_has_one_date() -> None:
    other = next(each for each in ANNOTATIONS if each.document == ANNOTATIONS[0].document and each.speaker == "UK")
    (line,) = problems(annotation(), msgspec.structs.replace(other, date=ANNOTATIONS[-1].date))
    assert "dated" in line


def test_a_line_that_is_no_annotation_is_named(tmp_path: Path) -> None:
    path = tmp_path / "annotations.jsonl"
    path.write_text('{"document": "000"}\n')
    with pytest.raises(BadRow, match="line 1"):
        read_annotations(path)
