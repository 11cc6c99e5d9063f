"""The program that a user would write: feedparser, a Kafka consumer, and a transformers pipeline per sentence.

It is written fairly: one process, the pipeline loaded once, no waiting between steps, nothing kept on disk. It finds no
speakers; each sentence that names the war is put to the model.
"""

import time
from typing import Any

import feedparser
from kafka import KafkaConsumer, KafkaProducer
from sentencex import segment

TOPIC = "articles.v1"
WORDS = ("ukrain", "russia", "kyiv", "kremlin", "moscow", "putin", "zelensk")


def run_plain(urls: list[str], bootstrap: str, api_version: tuple[int, ...] | None, classify: Any) -> float:
    """Return articles a second, from the first feed's request to the last sentence's stance."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, api_version=api_version, enable_idempotence=False)
    consumer = KafkaConsumer(
        TOPIC, bootstrap_servers=bootstrap, api_version=api_version, group_id=None, auto_offset_reset="latest"
    )
    while not consumer.assignment():
        consumer.poll(100)
    for partition in consumer.assignment():
        consumer.position(partition)
    began = time.perf_counter()
    sent = read = 0
    for url in urls:
        for entry in feedparser.parse(url).entries:
            producer.send(TOPIC, f"{entry.title}\n\n{entry.summary}".encode(), entry.id.encode())
            sent += 1
    producer.flush()
    while read < sent:
        for records in consumer.poll(200).values():
            for record in records:
                for sentence in segment("en", record.value.decode()):
                    if any(word in sentence.lower() for word in WORDS):
                        classify(sentence, truncation=True)
                read += 1
    seconds = time.perf_counter() - began
    consumer.close()
    producer.close()
    return sent / seconds
