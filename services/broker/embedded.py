"""A Kafka broker inside this process, for trying Parley out and for injecting broker faults; never for keeping news.

librdkafka carries a mock cluster that speaks the Kafka protocol on a loopback socket. It lives in memory, drops the
oldest records past 5 MiB or 100,000 sets a partition, does not compact, and ends with the process.
"""

import ctypes
import glob
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import TracebackType

import confluent_kafka

from services.errors import BrokerProblem
from streams.topics import CHANGELOG, TOPICS, Topic

LIMITS = (
    "embedded broker: in memory only, at most 5 MiB or 100,000 batches a partition (the oldest are dropped), "
    "no compaction, no replication; everything is gone when it stops. Use KAFKA=host:port for real work."
)
API_VERSION = "2.3"  # kafka-python's probe of the mock cluster finds no common version without a pin.
PRODUCER = 0  # RD_KAFKA_PRODUCER


@cache
def _library() -> ctypes.CDLL:
    """Load the librdkafka that the confluent-kafka wheel brought: the one that is in this process already."""
    package = Path(confluent_kafka.__file__).parent
    found = glob.glob(str(package.parent / "confluent_kafka.libs" / "librdkafka*")) or glob.glob(
        str(package / ".dylibs" / "librdkafka*")
    )
    if not found:
        raise BrokerProblem("embedded broker: librdkafka was not found beside confluent_kafka; use --kafka host:port")
    lib = ctypes.CDLL(found[0])
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, result, arguments in (
        ("rd_kafka_conf_new", pointer, []),
        ("rd_kafka_conf_set", number, [pointer, text, text, text, ctypes.c_size_t]),
        ("rd_kafka_new", pointer, [number, pointer, text, ctypes.c_size_t]),
        ("rd_kafka_destroy", None, [pointer]),
        ("rd_kafka_mock_cluster_new", pointer, [pointer, number]),
        ("rd_kafka_mock_cluster_destroy", None, [pointer]),
        ("rd_kafka_mock_cluster_bootstraps", text, [pointer]),
        ("rd_kafka_mock_topic_create", number, [pointer, text, number, number]),
        ("rd_kafka_mock_group_initial_rebalance_delay_ms", None, [pointer, ctypes.c_int32]),
        ("rd_kafka_mock_broker_set_down", number, [pointer, ctypes.c_int32]),
        ("rd_kafka_mock_broker_set_up", number, [pointer, ctypes.c_int32]),
        ("rd_kafka_mock_push_request_errors_array", None, [pointer, ctypes.c_int16, ctypes.c_size_t, pointer]),
        ("rd_kafka_mock_clear_request_errors", None, [pointer, ctypes.c_int16]),
        (
            "rd_kafka_mock_broker_push_request_error_rtts",
            number,
            [pointer, ctypes.c_int32, ctypes.c_int16, ctypes.c_size_t, number, number],
        ),
    ):
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    return lib


class EmbeddedBroker:
    """A one-broker cluster with `topics` (and their dead-letter topics) created; `bootstrap` is its host:port.

    A context manager. The faults are for tests: `take_down`, `bring_up`, `push_errors`, `answer_late`.
    """

    def __init__(self, topics: Iterable[Topic] = (*TOPICS, CHANGELOG)) -> None:
        self._topics = [(name, topic.partitions) for topic in topics for name in (topic.name, topic.dead)]
        self._client: int | None = None
        self._cluster: int | None = None
        self.bootstrap = ""

    def __enter__(self) -> "EmbeddedBroker":
        lib = _library()
        error = ctypes.create_string_buffer(256)
        conf = lib.rd_kafka_conf_new()
        # The client only carries the cluster and never connects, so its warning of that is noise.
        lib.rd_kafka_conf_set(conf, b"log_level", b"0", error, len(error))
        self._client = lib.rd_kafka_new(PRODUCER, conf, error, len(error))
        self._cluster = self._client and lib.rd_kafka_mock_cluster_new(self._client, 1)
        if not self._cluster:
            raise BrokerProblem(f"embedded broker: did not start ({error.value.decode() or 'no reason given'})")
        lib.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, 100)
        for name, partitions in self._topics:
            if lib.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1):
                raise BrokerProblem(f"embedded broker: topic {name} could not be created")
        self.bootstrap = lib.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        lib = _library()
        if self._cluster:
            lib.rd_kafka_mock_cluster_destroy(self._cluster)
        if self._client:
            lib.rd_kafka_destroy(self._client)
        self._client = self._cluster = None

    def take_down(self) -> None:
        """Close the broker's socket and refuse connections until `bring_up`."""
        _library().rd_kafka_mock_broker_set_down(self._cluster, 1)

    def bring_up(self) -> None:
        """Accept connections again; what was stored is still there."""
        _library().rd_kafka_mock_broker_set_up(self._cluster, 1)

    def push_errors(self, api_key: int, errors: Iterable[int]) -> None:
        """Answer the next requests of that Kafka API key with these error codes, one each, in order."""
        codes = list(errors)
        array = (ctypes.c_int * len(codes))(*codes)
        _library().rd_kafka_mock_push_request_errors_array(self._cluster, api_key, len(codes), array)

    def answer_late(self, api_key: int, seconds: float) -> None:
        """Hold back the answer to the next request of that Kafka API key, and what its connection asks after it."""
        _library().rd_kafka_mock_broker_push_request_error_rtts(self._cluster, 1, api_key, 1, 0, round(seconds * 1000))

    def clear_errors(self, api_key: int) -> None:
        """Answer requests of that API key properly again, whatever was pushed."""
        _library().rd_kafka_mock_clear_request_errors(self._cluster, api_key)
