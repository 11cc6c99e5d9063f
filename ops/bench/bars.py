"""False alarms on actors that stand still -> how each detector may be set at the budget, and the detectors set so."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ops.bench.actors import World
from ops.bench.detector import Parley
from ops.bench.oracle import Oracle
from ops.bench.rivals import Rival, adwin, kswin, moving_average, page_hinkley
from ops.bench.scenes import SHIPPED, Alarms, Panel
from streams.shift_settings import ShiftSettings

BUDGET = SHIPPED.false_alerts_per_actor_year
THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.96)
BARS = tuple(1.0 + 0.25 * step for step in range(25))


def make_all(
    world: World, before: float, afters: Iterable[float], settings: ShiftSettings, seed: int
) -> dict[str, Panel]:
    """Return every detector at every setting; the oracle is told from which share of favor to which ones it goes."""
    known = {f"oracle {after}": Oracle(world, before, after, BARS) for after in afters}
    rivals = {
        "ADWIN": adwin(), "Page-Hinkley": page_hinkley(), "KSWIN": kswin(seed), "moving average": moving_average(),
    }  # fmt: skip
    return {"Parley": Parley((*THRESHOLDS, None), settings), **known, **rivals}


def looseness(kind: str, setting: Hashable) -> float:
    """Return a number that is larger for a setting that alarms more readily."""
    value = setting[2] if isinstance(setting, tuple) else setting
    assert isinstance(value, float)
    return value if kind in {"ADWIN", "KSWIN"} else -value


@dataclass
class Bars:
    """What each detector may be set to at the budget: one setting for each of its families; and its false alarms."""

    chosen: dict[str, list[Hashable]]
    false: dict[tuple[str, Hashable], float]


def set_bars(alarms: Alarms, settings: Mapping[str, Sequence[Hashable]], years: float) -> Bars:
    """Return the loosest settings that keep the budget."""
    chosen: dict[str, list[Hashable]] = {}
    false: dict[tuple[str, Hashable], float] = {}
    for kind, all_settings in settings.items():
        families: dict[Hashable, list[Hashable]] = {}
        for setting in all_settings:
            by_actor = alarms.days.get((kind, setting), {})
            false[kind, setting] = sum(len(days) for days in by_actor.values()) / years
            families.setdefault(setting[:2] if isinstance(setting, tuple) else "", []).append(setting)
        for family in families.values():
            family.sort(key=lambda setting: -looseness(kind, setting))
            within = [setting for setting in family if false[kind, setting] <= BUDGET]
            if within:
                chosen.setdefault(kind, []).append(within[0])
    return Bars(chosen, false)


def settings_of(panels: Mapping[str, Panel]) -> dict[str, Sequence[Hashable]]:
    """Return the settings that stand for choice."""
    found: dict[str, Sequence[Hashable]] = {}
    for kind, panel in panels.items():
        if isinstance(panel, Parley):
            found[kind] = THRESHOLDS
        elif isinstance(panel, Rival):
            found[kind] = panel.settings
        else:
            found[kind] = BARS
    return found


def make_chosen(
    world: World, before: float, after: float, bars: Bars, settings: ShiftSettings, seed: int
) -> dict[str, Panel]:
    """Return the detectors as they were set, each setting a panel of its own; None is the shipped table's."""
    makers: dict[str, Callable[[Hashable], Panel]] = {
        "ADWIN": lambda s: adwin([s]), "Page-Hinkley": lambda s: page_hinkley([s]), "KSWIN": lambda s: kswin(seed, [s]),
        "moving average": lambda s: moving_average([s]),
    }  # fmt: skip
    panels: dict[str, Panel] = {
        "shipped": Parley((None,), settings), "Parley": Parley(bars.chosen["Parley"], settings),
    }  # fmt: skip
    panels["oracle"] = Oracle(world, before, after, bars.chosen[f"oracle {after}"])
    for kind, make in makers.items():
        for setting in bars.chosen.get(kind, ()):
            assert isinstance(setting, tuple)
            panels[f"{kind}, {setting[0]}, {setting[1]}"] = make(setting)
    return panels
