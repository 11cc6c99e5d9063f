"""Word lists that the grammar shares: pronouns, adverbs, days, conjunctions; words only, no grammar."""

from typing import Final

_NO_ADVERBS: Final = frozenset(
    [
        "ally",
        "family",
        "supply",
        "reply",
        "assembly",
        "july",
        "italy",
        "fly",
        "apply",
        "rally",
        "bully",
        "comply",
        "rely",
        "imply",
    ]
)


def is_adverb(low: str) -> bool:
    """Whether a lower-case word only qualifies a verb."""
    return low in ADVERBS or (len(low) > 4 and low.endswith("ly") and low not in _NO_ADVERBS)


def vocabulary(text: str) -> frozenset[str]:
    """Return the words of a list that is written as one string."""
    return frozenset(text.split())


PERSONAL: Final = vocabulary("he she")
PRONOUNS: Final = vocabulary("he she they it")
DETERMINERS: Final = vocabulary(
    """mr. mrs. ms. dr. mr mrs ms dr sir the a an his her their its our this that these those one two three four five
    six seven eight nine ten several some many most another"""
)
TIMES: Final = vocabulary(
    """monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight morning evening
    afternoon night week month year january february march april may june july august september october november
    december jan feb mar apr jun jul aug sep sept oct nov dec last this next earlier later ago
    years months weeks days hours"""
)
# Words that may stand between a subject and its verb and change nothing about who speaks.
ADVERBS: Final = TIMES | vocabulary(
    """also again still now then already just once repeatedly publicly privately quietly openly flatly firmly bluntly
    angrily quickly swiftly formally officially finally eventually immediately initially recently merely simply only
    even never always often sometimes clearly explicitly strongly effectively largely long thus therefore however
    meanwhile instead separately ostentatiously cautiously tentatively categorically outright jointly unanimously
    reluctantly duly briefly briskly coldly warmly plainly dryly wryly calmly tersely promptly personally apparently
    evidently previously himself herself itself themselves both all too yet not so afterwards here there no longer
    fully basically actually really abruptly suddenly gladly readily curtly pointedly gravely solemnly
    understandably reportedly allegedly ever soon first"""
)
AUXILIARIES: Final = vocabulary(
    """cannot has have had is are was were be been being do does did will would shall should must can could may might
    'll 've 'd"""
)
BE: Final = vocabulary("is are was were be been being")
# What the modal makes of an act: something that may happen, and no position.
SPECULATIVE: Final = vocabulary("may might could should must")
PREPOSITIONS: Final = vocabulary(
    """in at on of from for to with without during after before near by about over amid beside minus except including
    under between against through throughout along across alongside ahead following inside outside since via"""
)
# A new clause may begin behind these, with its own subject.
CONJUNCTIONS: Final = vocabulary("as while after but and though although whereas yet or nor despite since")
# What stands behind these has not happened, or is asked: never a position.
HYPOTHETICAL: Final = vocabulary("if unless whether until once when should were lest before")
QUESTIONS: Final = vocabulary(
    """what why how who whom whose when where which will would can could does do did is are was were has have should
    shall may might must won't can't isn't doesn't"""
)
# Subjects that are readers, papers and studies: whoever they report on, they are no actors.
OUTLET: Final = vocabulary(
    """news network broadcasting times wire gazette herald tribune mirror mail chronicle inquirer newsletter reuters ap
    afp tass ria novosti interfax bloomberg axios cnn bbc sky ft wsj nyt politico reports report media newspaper
    newspapers paper papers magazine broadcaster outlet agency agencies tv television radio documents document poll
    polls survey surveys study studies data records filing book post journal guardian spiegel bild telegraph daily
    economist independent ukrinform suspilne kommersant izvestia vedomosti rbc meduza euronews dpa ansa efe xinhua
    nikkei observers pravda strana nexta tsn unian nbc cbs abc fox npr msnbc transcript leak leaks video footage
    correspondent reporter reporters journalist journalists"""
)
# Voices without a country that are nevertheless voices: they keep what they say from being the narrator's.
CROWD: Final = vocabulary(
    """analysts analyst experts expert critics critic observers supporters allies opponents lawmakers officials
    official diplomats diplomat source sources insiders people person man woman witnesses residents voters leaders
    ministers spokesman spokeswoman spokesperson aide aides adviser advisers envoy minister economists economist
    historians soldiers commanders commander general mayor governor senator lawmaker editor author writer columnist
    professor"""
)
