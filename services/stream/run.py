"""The worker's composition root: the one place where Faust, the stance model and the metrics meet."""

import asyncio
import faulthandler
import logging
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import metadata
from typing import Final

import faust

from models.exported_model import ModelProblem
from models.predict import StanceReader
from services import metrics
from services.broker.cluster import await_broker
from services.broker.group_view import GroupView
from services.broker.security import client_security, read_security
from services.broker.topics import ensure_topics
from services.errors import UsageProblem
from services.logs import about, start_logging
from services.settings import Settings
from services.stream.ending import EndingWorker, halt, leave
from services.stream.last_resort import LAST_RESORT, LastResort
from services.stream.notes import NotesFile
from services.stream.observe import MetricsObserver
from services.stream.rejoin import own_partitions, watch_membership
from services.stream.standstill import watch_progress
from streams.acks import Acks
from streams.app import create_app
from streams.articles_agent import ArticlesAgent
from streams.batch import ReadStances, read_batch
from streams.catalogue import read_catalogue
from streams.changelog import Changelog
from streams.faults import Fault, Stop
from streams.in_hand import InHand
from streams.produce import Producer
from streams.readings_agent import ReadingsAgent
from streams.readings_log import ReadingsLog
from streams.rereading_agent import RereadingAgent
from streams.shift_settings import ShiftSettings
from streams.tables import EvidenceTable
from streams.topics import ALERTS, ARTICLES, CHANGELOG, GROUP, POSITIONS, READINGS

log = logging.getLogger("parley.stream")

LAG_EVERY: Final = 5.0


def run_worker(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; raises ParleyError. What is wrong with the call is found before the broker is."""
    start_logging(settings.log_level, settings.log_format)
    try:
        reader = StanceReader.load(settings.model)
    except ModelProblem as error:
        raise UsageProblem(str(error)) from None
    await_broker(settings.kafka)
    port = metrics.serve_metrics(settings.metrics_host, settings.metrics_port)
    metrics.MODEL.labels(reader.version).set(1)
    log.info(
        "worker %s, model %s, metrics on %s:%d",
        *(metadata.version("parley"), reader.version, settings.metrics_host, port),
        extra=about("started", model=reader.version),
    )
    if not settings.kafka_api_version:
        ensure_topics(settings.kafka, settings.replication)
    serve(settings, reader.read, reader.version)


def serve(settings: Settings, read_stances: ReadStances, model: str) -> None:
    """Run the application with this reader of stances until SIGTERM or SIGINT."""
    notes = NotesFile(settings.state / "stream")
    noted = notes.read()
    hand = InHand(b"", notes.write)
    take_over(hand, [noted])
    app = create_app(
        settings.kafka, settings.state, settings.replication, settings.session, read_security().credentials()
    )
    join(app, settings, read_stances, model, hand)
    # Whose partitions come to this worker may have died of a record in them.
    app.on_partitions_assigned.connect(_taking_over(hand, notes), weak=False)
    worker = EndingWorker(app, loglevel="warn", quiet=True, redirect_stdouts=False, override_logging=False)
    worker.late = hand.let_go
    watch_membership(app)
    code = 1
    try:
        worker.execute_from_commandline()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        # An orderly end is no death: what is still in hand was not committed, and is not to blame.
        try:
            hand.let_go()
        finally:
            leave(code)


def take_over(hand: InHand, noted: Iterable[bytes]) -> None:
    """Take into account what workers that died had in hand."""
    for notes in noted:
        if hand.take_over(notes):
            metrics.WORKER_DEATHS.inc()
            log.warning("a worker died with records in hand; they are handled alone")


def _taking_over(hand: InHand, notes: NotesFile) -> Callable[..., Awaitable[None]]:
    async def take(sender: object, assigned: object, **_: object) -> None:
        take_over(hand, notes.take_orphaned())

    return take


async def _report_ready(sender: object, **_: object) -> None:
    metrics.show_tasks(asyncio.get_running_loop())
    metrics.READY.set(1)


def _lags_of(acks: Acks) -> Callable[[], Awaitable[None]]:
    async def show_lags() -> None:
        acks.show_lags()

    return show_lags


def join(app: faust.App, settings: Settings, read_stances: ReadStances, model: str, hand: InHand) -> None:
    """Give the application its two agents."""
    observer = MetricsObserver()
    app.on_rebalance_complete.connect(_report_ready)
    acks = Acks(app, observer)
    app.timer(LAG_EVERY)(_lags_of(acks))
    stop = Stop(halt, hand)
    topics = (ARTICLES.dead, READINGS.name, READINGS.dead, POSITIONS.name, ALERTS.name, CHANGELOG.name)
    producer = Producer(app, topics)
    # One thread: onnxruntime spreads a batch over the cores by itself.
    executor = ThreadPoolExecutor(1, thread_name_prefix="inference")
    read = LastResort(
        partial(read_batch, catalogue=read_catalogue(), read_stances=read_stances, model=model),
        settings.inference_timeout * LAST_RESORT,
    )
    ArticlesAgent(
        app, read, executor, producer, acks, observer, hand, stop,
        settings.batch_size, settings.batch_wait, settings.inference_timeout,
    )  # fmt: skip
    shift_settings = ShiftSettings(false_alerts_per_actor_year=settings.false_alerts_per_actor_year)
    changelog = Changelog(settings.kafka, client_security())
    table = EvidenceTable(app, producer, changelog, shift_settings)
    ReadingsAgent(app, table, producer, acks, observer, hand, stop)
    # A thread of its own: what hangs in it keeps no article back.
    rereading = ThreadPoolExecutor(1, thread_name_prefix="rereading")
    readings = ReadingsLog(settings.kafka, client_security(), keeps_times=not settings.kafka_api_version)
    RereadingAgent(app, table, producer, acks, observer, readings, read_stances, rereading, model)
    watch_progress(
        partial(GroupView, settings.kafka, settings.kafka_api_version, GROUP, (ARTICLES.name, READINGS.name)),
        lambda: (acks.count, read.calls, changelog.count),
        partial(own_partitions, app),
        partial(_end_still, stop),
        settings.standstill,
    )


def _end_still(stop: Stop, reason: str) -> None:
    # Where each thread is, for whoever has to find out why.
    faulthandler.dump_traceback()
    stop("standstill", Fault(reason))
