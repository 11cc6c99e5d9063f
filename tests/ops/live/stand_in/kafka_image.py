"""What the Apache Kafka image has at /opt/kafka and /etc/kafka, made of the same classes from Maven's jars."""

from pathlib import Path

# Each script of the image's bin/ is `kafka-run-class.sh CLASS "$@"`.
CLASSES = {
    "kafka-storage.sh": "kafka.tools.StorageTool",
    "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
    "kafka-get-offsets.sh": "org.apache.kafka.tools.GetOffsetShell",
    "kafka-consumer-groups.sh": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    "kafka-broker-api-versions.sh": "org.apache.kafka.tools.BrokerApiVersionsCommand",
}
# As the image's own start script: its default id, its set-up class, which formats what is not formatted, the broker.
RUN = """\
export CLUSTER_ID=${{CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}}
result=$(java -cp '{libs}/*' kafka.docker.KafkaDockerWrapper setup --default-configs-dir {defaults} \\
  --mounted-configs-dir {folder}/mounted --final-configs-dir {folder}/config 2>&1) \\
  || echo "$result" | grep -i "already formatted" || {{ echo "$result"; exit 1; }}
exec java -Xmx512m -cp '{libs}/*' kafka.Kafka {folder}/config/server.properties
"""


def make_image(folder: Path, libs: Path) -> dict[str, Path]:
    """Write the scripts under `folder`; returns where on this machine the image's directories are."""
    scripts, defaults = folder / "opt/kafka/bin", folder / "etc/kafka/docker"
    places = {"/opt/kafka": folder / "opt/kafka", "/etc/kafka/docker": defaults}
    if folder.exists():
        return places
    for directory in (scripts, defaults, folder / "mounted", folder / "config"):
        directory.mkdir(parents=True, exist_ok=True)
    for name, kind in CLASSES.items():
        write_script(scripts / name, f"exec java -Xmx256m -cp '{libs}/*' {kind} \"$@\"\n")
    write_script(defaults / "run", RUN.format(libs=libs, defaults=defaults, folder=folder))
    (defaults / "server.properties").touch()
    for name in ("log4j2.yaml", "tools-log4j2.yaml"):
        (defaults / name).write_text("Configuration:\n  Appenders: {}\n  Loggers: {Root: {level: ERROR}}\n")
    return places


def write_script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/bash\n{text}")
    path.chmod(0o755)
