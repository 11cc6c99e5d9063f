"""What a newsroom would otherwise reach for: river's drift detectors and a moving average, shown the same moments.

Each stands at several settings and at three ways of being shown the news: "all" evidence as it comes, copies too;
"reports", without the copies, which Parley takes out for it; and "events", only the report that opens each.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from river.drift import ADWIN, KSWIN, PageHinkley

from ops.bench.moments import Moment

# What is shown, and the detector's own settings, of which the last is the bar.
Setting = tuple[str, str, float]


class Drift(Protocol):
    """What river's detectors have in common."""

    drift_detected: bool

    def update(self, x: float) -> object:
        """Take in one value."""


class Rival:
    """One kind of detector at several settings; each begins anew after its alarm, as river's do."""

    def __init__(self, make: Callable[[Setting], Drift], settings: Iterable[Setting]) -> None:
        self._detectors = {setting: make(setting) for setting in settings}

    @property
    def settings(self) -> list[Setting]:
        """Return the settings at which it stands."""
        return list(self._detectors)

    def take(self, moment: Moment) -> list[Setting]:
        """Return the settings at which a change was noticed at this moment."""
        alarms: list[Setting] = []
        shown = {"all"} if moment.copy else {"all", "reports", "events"} if moment.opens else {"all", "reports"}
        for setting, detector in self._detectors.items():
            if setting[0] in shown:
                detector.update(moment.value)
                if detector.drift_detected:
                    alarms.append(setting)
        return alarms


class MovingAverage:
    """Alarms when the mean of the last `width` values left that of those before them, by more than `bar`."""

    def __init__(self, width: int, bar: float) -> None:
        self.drift_detected = False
        self._width, self._bar = width, bar
        self._last: deque[float] = deque(maxlen=width)
        self._sum, self._count = 0.0, 0

    def update(self, x: float) -> None:
        """Take in one value."""
        if len(self._last) == self._width:
            self._sum += self._last[0]
            self._count += 1
        self._last.append(x)
        self.drift_detected = self._count >= self._width and (
            abs(sum(self._last) / self._width - self._sum / self._count) > self._bar
        )
        if self.drift_detected:
            self._last.clear()
            self._sum, self._count = 0.0, 0


SHOWN = ("all", "reports", "events")
ADWINS = [(shown, "", delta) for shown in SHOWN for delta in (0.9, 0.5, 0.2, 0.1, 0.03, 0.01, 1e-3, 1e-4, 1e-6)]
HINKLEYS = [
    (shown, delta, bar) for shown in SHOWN for delta in ("0.1", "0.3", "0.5")
    for bar in (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.5, 8.0, 11.0, 15.0)
]  # fmt: skip
# A test of Kolmogorov and Smirnov on every value is a thousand times as dear as the others, so it sees events alone.
KSWINS = [("events", "8", alpha) for alpha in (0.03, 3e-3, 1e-4)]
AVERAGES = [
    (shown, width, bar) for shown in SHOWN for width in ("5", "10", "20")
    for bar in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3)
]  # fmt: skip


def adwin(settings: Iterable[Setting] = ADWINS) -> Rival:
    return Rival(lambda s: ADWIN(delta=s[2], clock=1, grace_period=5, min_window_length=3), settings)


def page_hinkley(settings: Iterable[Setting] = HINKLEYS) -> Rival:
    def make(setting: Setting) -> Drift:
        return PageHinkley(min_instances=5, delta=float(setting[1]), threshold=setting[2], alpha=1.0, mode="both")

    return Rival(make, settings)


def kswin(seed: int, settings: Iterable[Setting] = KSWINS) -> Rival:
    def make(setting: Setting) -> Drift:
        return KSWIN(alpha=setting[2], window_size=4 * int(setting[1]), stat_size=int(setting[1]), seed=seed)

    return Rival(make, settings)


def moving_average(settings: Iterable[Setting] = AVERAGES) -> Rival:
    return Rival(lambda s: MovingAverage(int(s[1]), s[2]), settings)
