"""Runs Apache Kafka until Ctrl-C, one node or three: python ops/kafka/serve.py LIBS DIRECTORY [BROKERS]."""

import signal
import sys
from pathlib import Path

from services.broker.apache import ApacheKafka
from services.errors import ParleyError


def main(libs: str, directory: str, brokers: str = "1") -> int:
    if brokers not in ("1", "3"):
        print(f"parley: BROKERS={brokers}: one node or three", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with ApacheKafka(Path(libs), Path(directory), int(brokers)) as kafka:
            replicated = "PARLEY_REPLICATION=3 " if brokers == "3" else ""
            print(f"Apache Kafka is up: {replicated}make run KAFKA={kafka.bootstrap}", flush=True)
            return kafka.wait()
    except ParleyError as error:
        print(f"parley: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
