"""The desk's composition root: joins topics, projection and page, and ends them in order."""

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import uvicorn

from services import metrics
from services.desk.access import Access, read_secret
from services.desk.alerts import measure_precision
from services.desk.app import make_app
from services.desk.consume import Reader
from services.desk.database import Projection, open_projection
from services.desk.desk import Desk
from services.desk.history import fill_history
from services.desk.live import Hub
from services.desk.prune import prune_articles
from services.desk.say import Pen
from services.errors import ParleyError, UsageProblem
from services.logs import start_logging
from services.settings import Settings
from streams.records import Position, ShiftAlert, Verdict
from streams.shift_settings import ShiftSettings

log = logging.getLogger("parley.desk")

GRACE_SECONDS = 2


def run_desk(settings: Settings, fresh: bool, or_free: bool, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; `announce` is given the page's address once it answers.

    Raises UsageProblem for a port or a state directory that cannot be used, ParleyError when the disk fails.
    """
    start_logging(settings.log_level, settings.log_format)
    # Its client logs each attempt to connect as an error; our own line says it once.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    access = Access(settings, read_secret(settings.state))
    with listen(settings.desk_host, settings.desk_port, or_free) as door:
        projection = open_projection(settings.state, fresh=fresh)
        try:
            port = metrics.serve_metrics(settings.metrics_host, settings.metrics_port)
            log.info("metrics on %s:%d", settings.metrics_host, port)
            asyncio.run(serve(settings, access, projection, door, announce))
        finally:
            projection.close()


@contextlib.contextmanager
def listen(host: str, port: int, or_free: bool = False) -> Iterator[socket.socket]:
    """A listening socket, on a free port where that one is taken and `or_free`; raises UsageProblem otherwise."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        try:
            door = socket.create_server((host, port), family=family)
        except OSError as error:
            if not or_free or error.errno != errno.EADDRINUSE:
                raise
            door = socket.create_server((host, 0), family=family)
    except OSError as error:
        raise UsageProblem(
            f"desk: {host}:{port} cannot be used ({error.strerror}); choose another --port, or --port 0 for a free one"
        ) from None
    with door:
        yield door


async def serve(
    settings: Settings,
    access: Access,
    projection: Projection,
    door: socket.socket,
    announce: Callable[[str], None],
    stop: asyncio.Event | None = None,
) -> None:
    """Serve on the socket until a signal, or until `stop` is set, and leave nothing running."""
    loop = asyncio.get_running_loop()
    stop = stop or _stop_on_signal(loop)
    hub = Hub(loop)

    def told(kinds: frozenset[type]) -> None:
        if ShiftAlert in kinds or Verdict in kinds:
            show_precision(projection)
        hub.tell_from_thread(kinds)

    def tend() -> frozenset[type]:
        prune_articles(projection, settings.desk_article_days)
        filled = fill_history(projection, ShiftSettings())
        if filled:
            log.info("%d positions worked out again from the readings: the topic holds only the last of each", filled)
        return frozenset({Position}) if filled else frozenset()

    reader = Reader(settings.kafka, settings.kafka_api_version, projection, told, tend)
    pen = Pen(settings)
    desk = Desk(settings, projection, reader, hub, pen, access, lambda: datetime.now(UTC))
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(desk),
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            # Who came through a proxy is decided in one place, and not here.
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    failure: list[BaseException] = []

    def read() -> None:
        try:
            reader.run()
        except BaseException as error:
            failure.append(error)
            loop.call_soon_threadsafe(stop.set)

    thread = threading.Thread(target=read, name="projection", daemon=True)
    thread.start()
    with contextlib.closing(pen):
        # The socket listens already: who comes before the server does waits in its queue.
        host, port = door.getsockname()[:2]
        announce(f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/")
        # `serve` would install signal handlers of its own and raise the signal again when it ends.
        serving = asyncio.create_task(server._serve([door]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        hub.close()
        server.should_exit = True
        reader.stop()
        await serving
        await loop.run_in_executor(None, thread.join, 5.0)
    if failure:
        error = failure[0]
        raise error if isinstance(error, ParleyError) else ParleyError(f"desk: {type(error).__name__}: {error}")


def _stop_on_signal(loop: asyncio.AbstractEventLoop) -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def show_precision(projection: Projection) -> None:
    """Set the metrics of what people said of alerts."""
    found = measure_precision(projection.reader)
    metrics.ALERT_PRECISION.set(float("nan") if found.share is None else found.share)
    for what, count in found.by_kind.items():
        metrics.ALERTS_JUDGED.labels(what).set(count)
