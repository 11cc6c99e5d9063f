"""The Dockerfile breaks none of the rules, and each rule is one that it could break."""

from pathlib import Path

import pytest

from tests.ops.checks.dockerfile_rules import find_problems

TEXT = (Path(__file__).parents[3] / "ops/image/Dockerfile").read_text()
IMAGE = "python:3.11.14-slim-bookworm"
FINAL = f"\nFROM {IMAGE}\n"

BROKEN = [
    ("DL3000", "WORKDIR /var/lib/parley", "WORKDIR lib"),
    ("DL3001", "RUN useradd", "RUN mount /proc && useradd"),
    ("DL3002", "USER 10001:10001", "USER root"),
    ("DL3003", "RUN useradd", "RUN cd /tmp && useradd"),
    ("DL3004", "RUN useradd", "RUN sudo useradd"),
    ("DL3006", FINAL, "\nFROM python\n"),
    ("DL3007", FINAL, "\nFROM python:latest\n"),
    ("DL3011", "EXPOSE 9100", "EXPOSE 91000"),
    ("DL3012", "ENTRYPOINT", "HEALTHCHECK CMD true\nENTRYPOINT"),
    ("DL3013", "--require-hashes -r runtime.txt", "msgspec"),
    ("DL3020", "COPY services", "ADD services"),
    ("DL3021", "README.md /src/", "README.md /src"),
    ("DL3022", "COPY --from=build /opt", "COPY --from=elsewhere /opt"),
    ("DL3023", "COPY services", "COPY --from=build services"),
    ("DL3024", FINAL, f"\nFROM {IMAGE} AS build\n"),
    ("DL3025", 'CMD ["--help"]', "CMD --help"),
    ("DL3026", FINAL, "\nFROM registry.example/python:3.11.14\n"),
    ("DL3029", FINAL, f"\nFROM --platform=linux/amd64 {IMAGE}\n"),
    ("DL3042", "--no-cache-dir ", ""),
    ("DL3044", "PYTHONUNBUFFERED=1", "PYTHONUNBUFFERED=1 OTHER=$PYTHONUNBUFFERED"),
    ("DL3045", FINAL, f"{FINAL}COPY --from=build /src/README.md README.md\n"),
    ("DL3046", "--uid 10001", "--uid 1000100"),
    ("DL3048", "org.opencontainers.image.title", "Title!"),
    ("DL3051", 'licenses="Apache-2.0"', 'licenses=""'),
    ("DL3056", 'version="0.1.0"', 'version="new"'),
    ("DL3057", "HEALTHCHECK --interval", "STOPSIGNAL SIGTERM\n# --interval"),
    ("DL3059", "COPY --from=build /opt", "RUN true\nCOPY --from=build /opt"),
    ("DL3061", "# Parley's image", "WORKDIR /\n# Parley's image"),
    ("DL3063", " AS build", " AS context"),
    ("DL4000", "USER 10001", "MAINTAINER somebody\nUSER 10001"),
    ("DL4001", "RUN useradd", "RUN curl example && wget example && useradd"),
    ("DL4003", 'CMD ["--help"]', 'CMD ["--help"]\nCMD ["up"]'),
    ("DL4004", 'ENTRYPOINT ["parley"]', 'ENTRYPOINT ["parley"]\nENTRYPOINT ["sh"]'),
    ("DL4005", "RUN useradd", "RUN ln -sf /bin/bash /bin/sh && useradd"),
    ("DL4006", "RUN useradd", "RUN true | useradd"),
    ("ours: the image installs from the lock file alone", "RUN useradd", "RUN apt-get install -y vim && useradd"),
]


def test_the_image_breaks_no_rule() -> None:
    assert find_problems(TEXT) == set()


@pytest.mark.parametrize(("rule", "right", "wrong"), BROKEN, ids=[rule for rule, _, _ in BROKEN])
def test_a_file_that_breaks_the_rule_is_found(rule: str, right: str, wrong: str) -> None:
    assert right in TEXT
    broken = TEXT.replace(right, wrong)
    if rule == "DL3057":
        broken = broken.replace('\n  CMD ["python"', '\n# CMD ["python"')
    assert rule in find_problems(broken)
