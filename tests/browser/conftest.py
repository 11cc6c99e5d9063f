"""The system's Chromium, driven by Playwright's library, and a desk over the sample timeline."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from services.broker.embedded import EmbeddedBroker
from services.newsroom.feeds import write_opml
from services.newsroom.timeline import read_outlets
from streams.records import Reading
from tests.browser.sample import send_sample
from tests.services.desk.made import HOSTILE, Running, article, count, reading, running, send, until

# Where screenshots go for review; `make test-browser` names it, and without a name they go with the test's files.
SHOTS = "DESK_SHOTS"
expect.set_options(timeout=60_000)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass(frozen=True)
class Scene:
    """The desk, its broker, an article whose title is a script, and what was read in it."""

    desk: Running
    bootstrap: str
    hostile: Reading


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    state = tmp_path_factory.mktemp("desk")
    feeds = state / "feeds.opml"
    feeds.write_bytes(write_opml(read_outlets().values(), "http://127.0.0.1:1"))
    text = "Hungary's government rejects a ceasefire, <b>its spokesman</b> said."
    injected = article(400, HOSTILE, text, outlet="The <i>Evening</i> Bell")
    said = reading(injected, text, "against", speaker="spokesman")
    with EmbeddedBroker() as broker:
        counts = send_sample(broker.bootstrap)
        send(broker.bootstrap, injected, said)
        with running(state, broker.bootstrap, feeds=str(feeds)) as desk:
            alerts = counts["alerts.v1"]
            until(lambda: count(desk.projection, "alerts") == alerts, "every alert of the sample")
            until(lambda: desk.json("/api/status")["caught_up"], "the rest of the sample")
            yield Scene(desk, broker.bootstrap, said)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; `make packages` installs it on Debian")
    with sync_playwright() as library:
        # Chromium's own sandbox needs namespaces that root in a container does not have.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        found = library.chromium.launch(executable_path=CHROMIUM, args=[*sandbox, "--disable-dev-shm-usage"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = Path(os.environ[SHOTS]) if SHOTS in os.environ else tmp_path_factory.mktemp("shots")
    place.mkdir(parents=True, exist_ok=True)
    return place


class Visit:
    """One page in a browser, with all that it asked for and complained of."""

    def __init__(self, page: Page, scene: Scene) -> None:
        self.page, self.scene = page, scene
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.set_default_timeout(60_000)
        page.on("request", lambda one: self.asked.append(one.url))
        page.on("console", lambda one: self.complaints.append(one.text) if one.type in {"error", "warning"} else None)
        page.on("pageerror", lambda one: self.complaints.append(str(one)))

    def go(self, path: str) -> Page:
        self.page.goto(self.scene.desk.address + path, wait_until="load")
        return self.page


@pytest.fixture
def visit(browser: Browser, scene: Scene) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme="light")
    yield Visit(context.new_page(), scene)
    context.close()
