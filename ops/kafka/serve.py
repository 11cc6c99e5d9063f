"""Runs one Apache Kafka node until Ctrl-C: python ops/kafka/serve.py LIBS DIRECTORY."""

import signal
import sys
from pathlib import Path

from services.broker.apache import ApacheKafka
from services.errors import ParleyError


def main(libs: str, directory: str) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with ApacheKafka(Path(libs), Path(directory)) as kafka:
            print(f"Apache Kafka is up: make run KAFKA={kafka.bootstrap}", flush=True)
            return kafka.wait()
    except ParleyError as error:
        print(f"parley: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
