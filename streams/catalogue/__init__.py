"""Who can speak in a text and for whom: the actor catalogue; never what they say, and never a guess."""

from streams.catalogue.actors import Actor, Mention, MentionKind, Office, Person, Tenure
from streams.catalogue.directory import Catalogue
from streams.catalogue.file import parse_catalogue, read_catalogue

__all__ = [
    "Actor",
    "Catalogue",
    "Mention",
    "MentionKind",
    "Office",
    "Person",
    "Tenure",
    "parse_catalogue",
    "read_catalogue",
]
