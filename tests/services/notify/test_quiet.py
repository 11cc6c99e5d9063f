"""A hold and silences are shown while they last: in the log and on the metrics page."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.broker.embedded import EmbeddedBroker
from services.notify import quiet
from services.notify.hold import hold, release
from services.notify.ledger import open_beside, open_ledger
from services.notify.quiet import show_quiet
from services.notify.silences import add_silence, end_silence
from tests.services.notify.receiver import Receiver, until
from tests.services.notify.samples import alert
from tests.services.notify.serving import metric, publish
from tests.services.notify.test_command import Process


def test_a_hold_and_silences_are_said_and_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(quiet, "LOOK_EVERY", 0.01)
    ledger = open_ledger(tmp_path)

    async def scenario() -> None:
        now = [1000.0]
        with ThreadPoolExecutor(1) as disk:
            showing = asyncio.create_task(show_quiet(ledger, disk, lambda: now[0]))
            hold(ledger, "wrong quotes", now[0])
            made = add_silence(ledger, "", "", "", now[0] + 60, "", now[0])
            await until(lambda: metric("parley_notify_held") == metric("parley_silences") == 1, 60)
            await until(lambda: caplog.text.count("nothing goes out") == 1, 60)
            now[0] += quiet.REMIND_EVERY + 1
            await until(lambda: caplog.text.count("nothing goes out") == 2, 60)
            release(ledger)
            await until(lambda: metric("parley_notify_held") == metric("parley_silences") == 0, 60)
            await until(lambda: "released" in caplog.text, 60)
            assert f"silence {made.number} has ended" in caplog.text
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    with caplog.at_level(logging.INFO, "parley.notify"):
        asyncio.run(scenario())
    with pytest.raises(Exception, match="no silence 9"):
        end_silence(ledger, 9, 0.0)
    ledger.close()


def test_a_hold_made_beside_a_running_notifier_stops_it_and_a_release_lets_it_go(tmp_path: Path) -> None:
    async def scenario() -> None:
        with EmbeddedBroker() as broker:
            async with Receiver() as hook:
                (tmp_path / "hook").write_text(hook.url)
                routes = tmp_path / "routes.yaml"
                routes.write_text("sinks: {desk: {type: webhook, url: {file: hook}}}\nroutes: [{to: desk}]\n")
                async with Process(broker.bootstrap, tmp_path / "state", "--routes", str(routes)) as notify:
                    await asyncio.to_thread(publish, broker.bootstrap, alert("a"))
                    await hook.has(1, 60)
                    beside = open_beside(tmp_path / "state")
                    hold(beside, "", 1.0)
                    await until(lambda: "nothing goes out" in notify.logged(), 60)
                    await asyncio.to_thread(publish, broker.bootstrap, alert("b"))
                    await until(lambda: _waiting(beside) == 1, 60)
                    assert hook.ids == ["a.0"]
                    release(beside)
                    await hook.has(2, 60)
                    beside.close()
                    assert hook.ids == ["a.0", "b.0"]
                    assert "SECRETPATH" not in notify.logged()

    def _waiting(ledger: object) -> int:
        with ledger.read() as db:  # type: ignore[attr-defined]
            (count,) = db.execute("SELECT count(*) FROM deliveries WHERE alert = 'b' AND state = 'waiting'").fetchone()
        return int(count)

    asyncio.run(scenario())
