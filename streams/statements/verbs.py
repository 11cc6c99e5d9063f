"""The verbs that report speech and the verbs that report an act, with their inflections; words only, no grammar.

What is left out is left out on purpose: `stall`, `block`, `drag`, `sabotage`, `undermine` and their like are a
narrator's evaluation of somebody, and nobody's reading.
"""

from typing import Final

from streams.statements.words import vocabulary

SPEECH: Final = vocabulary(
    """suspect doubt say tell add claim state warn note argue insist remark assert stress emphasise emphasize underline
    underscore announce declare believe think explain reply respond answer write post repeat reiterate concede admit
    acknowledge confirm deny suggest complain observe conclude predict recall ask vow pledge promise swear joke quip
    muse hint signal indicate comment continue maintain contend caution advise opine allege lament boast tweet cry
    shout wonder estimate assess report reveal inform notify brief expect hope fear see reckon recount sigh rage
    thunder fume retort hold assure specify clarify highlight mention point pray recommend tout posit counter
    elaborate conjecture judge hear understand know guess calculate sneer scoff preach put feel assume speculate
    forecast worry exclaim mutter whisper urge plead agree rule demand laugh testify read"""
)

ACT: Final = vocabulary(
    """publish issue repeal withhold sweep hit tighten impose squeeze proclaim ready escalate ease secure seat phone
    hand lend carry lead take shift change come go part ditch dump axe junk tear rip lean dare stage arrange chase
    court woo reach nod bow edge tone rally steer like hate trust mistrust distrust deem consider treat compare
    liken dub bristle balk baulk recoil jump speak demonstrate end side rail storm march bemoan bewail lambast
    lambaste chastise castigate decry hammer thump nix kibosh pooh-pooh second echo mirror parrot spell unveil
    outline sketch float moot table tout appoint name dispatch delegate assign sell buy reject refuse accept agree
    propose offer host mediate halt suspend ban forbid sign call urge press push demand seek want back support
    endorse welcome oppose rule dismiss decline denounce condemn threaten vow pledge promise invite appeal plead beg
    implore request ask order decree drop abandon withdraw pull walk resume restart open close shut break cancel
    postpone pause freeze extend declare announce present submit volunteer prepare plan aim intend hope wish favor
    favour prefer weigh mull insist stick stand reaffirm reiterate renew recommit commit signal express voice throw
    turn brush scoff ridicule mock deride pour cast doubt question criticise criticize slam blast hail praise thank
    embrace heed join pitch raise revive try work attempt move give approve adopt pass vote ratify scrap shelve
    strike rewrite amend counter lift bar veto spurn rebuff snub shun scorn rebuke deny fault deplore defend convene
    initiate launch broker facilitate advocate champion discourage encourage pressure prod nudge lobby warn
    challenge defy resist disown disavow renounce reconsider rethink shrug quit leave cheer applaud commend salute
    instruct authorise authorize permit allow exclude disagree pose set draw lay bury kill bin bless curse cool
    soften harden dig double stay keep remain need start begin continue enter explore mandate outlaw prohibit
    concede acknowledge admit recognise recognize step put bring send abstain campaign reopen backtrack relent
    capitulate yield surrender discuss reassure reply respond answer object protest wave scold chide berate blame
    accuse pan laud boycott skip distance stipulate dictate condition link tie make have pin see view regard brand
    label describe paint cut resolve swear mark ignore deserve trade toss sink sour warm cling let draft pardon hold
    relay convey"""
)

# Verbs that are an act only with what follows: "turns down", and not "turns to Europe".
PARTICLES: Final[dict[str, frozenset[str]]] = {
    "turn": vocabulary("down away back deaf its their his her"),
    "come": vocabulary("out round around forward"),
    "go": vocabulary("back along"),
    "speak": vocabulary("out for against up of in"),
    "walk": vocabulary("out away back"),
    "move": vocabulary("that for against to"),
    "carry": vocabulary("out on a its his"),
}

# Verbs that are speech whatever follows; the others are speech where a clause or a quotation follows, else an act.
PURE_SPEECH: Final = vocabulary(
    """suspect doubt say tell add claim state note argue remark assert stress emphasise emphasize underline underscore
    believe think explain reply write post repeat concede admit comment continue maintain contend opine allege
    predict conclude observe recall hint muse quip joke estimate report reveal know guess wonder caution complain
    boast lament"""
)

# Adjectives that stand for an act: "Kyiv ready for talks", "Putin is open to a truce".
ADJECTIVES: Final = vocabulary(
    """warm cool cold wary sceptical skeptical supportive ready open willing prepared unwilling unready reluctant
    against optimistic pessimistic opposed committed determined keen eager adamant"""
)

# What a narrator thinks of somebody. Such a verb after a name ends the matter: no reading of that name.
EVALUATION: Final = vocabulary(
    """stall block drag sabotage undermine obstruct thwart derail dodge evade bluff gamble torpedo delay exploit
    manipulate string toy play feign pretend bully outwit outmanoeuvre outmaneuver wobble dither flounder stumble
    hesitate waver scuttle spoil wreck ruin prolong"""
)

_IRREGULAR: Final[dict[str, tuple[str, ...]]] = {
    "fly": ("flew", "flown"), "hit": ("hit",), "sweep": ("swept",), "withhold": ("withheld",), "lend": ("lent",),
    "lead": ("led",), "take": ("took", "taken"), "come": ("came",), "go": ("went", "gone"),
    "tear": ("tore", "torn"), "speak": ("spoke", "spoken"), "spell": ("spelt", "spelled"), "sell": ("sold",),
    "buy": ("bought",),
    "say": ("said",), "tell": ("told",), "think": ("thought",), "write": ("wrote", "written"), "hold": ("held",),
    "put": ("put",), "see": ("saw", "seen"), "know": ("knew", "known"), "hear": ("heard",), "feel": ("felt",),
    "understand": ("understood",), "swear": ("swore", "sworn"), "seek": ("sought",), "beg": ("begged",),
    "throw": ("threw", "thrown"), "stick": ("stuck",), "stand": ("stood",), "break": ("broke", "broken"),
    "withdraw": ("withdrew", "withdrawn"), "begin": ("began", "begun"), "give": ("gave", "given"), "set": ("set",),
    "draw": ("drew", "drawn"), "lay": ("laid",), "bring": ("brought",), "send": ("sent",), "get": ("got", "gotten"),
    "make": ("made",), "have": ("has", "had"), "keep": ("kept",), "leave": ("left",), "let": ("let",),
    "cast": ("cast",), "shut": ("shut",), "cut": ("cut",), "forbid": ("forbade", "forbidden"), "quit": ("quit",),
    "rethink": ("rethought",), "read": ("read",), "do": ("does", "did", "done"), "dig": ("dug",),
    "rewrite": ("rewrote", "rewritten"), "sink": ("sank", "sunk"), "strike": ("struck",), "pay": ("paid",),
    "forecast": ("forecast",), "deal": ("dealt",), "cling": ("clung",), "string": ("strung",), "lie": ("lied",),
}  # fmt: skip
_DOUBLING: Final = vocabulary(
    """ban drop plan beg scrap bar admit submit commit recommit rebut quit dig shut cut set put let get skip pin snub
    shun permit shrug sin string stop spin nod prod bin step pan begin forbid"""
)


def forms(lemma: str) -> dict[str, str]:
    """Return each inflected form of a verb with its kind: base, present, past or gerund."""
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    consonant_y = lemma.endswith("y") and lemma[-2] not in "aeiou"
    doubled = lemma + lemma[-1] if lemma in _DOUBLING else stem
    third = (
        lemma[:-1] + "ies"
        if consonant_y
        else lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
    )
    past = _IRREGULAR.get(lemma) or ((lemma[:-1] + "ied") if consonant_y else doubled + "ed",)
    found = {lemma: "base", third: "present"}
    found[(doubled if not lemma.endswith("ee") else lemma) + "ing"] = "gerund"
    if lemma.endswith("l") and lemma[-2] in "aeiou" and lemma[-3] not in "aeiou" and len(lemma) > 4:
        # Both spellings: signaled and signalled.
        found[lemma + "ling"] = "gerund"
        past = (*past, lemma + "led")
    for form in past:
        found[form] = "present" if form in ("has", "does") else "past"
    return found


def inflect(lemmas: frozenset[str]) -> dict[str, tuple[str, str]]:
    """Return each form of the verbs with its lemma and its kind."""
    return {form: (lemma, kind) for lemma in sorted(lemmas) for form, kind in forms(lemma).items()}


SPEECH_FORMS: Final = inflect(SPEECH)
ACT_FORMS: Final = inflect(ACT)
EVALUATION_FORMS: Final = inflect(EVALUATION)
