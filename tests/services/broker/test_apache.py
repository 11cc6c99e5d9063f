"""What Apache Kafka's own tools want of us; the broker itself runs in the journeys and the tests of faults."""

from services.broker.apache import make_cluster_id


def test_a_cluster_id_is_never_taken_for_an_option() -> None:
    drawn = iter([b"\xf8" + bytes(15), b"\xfb" + bytes(15), b"\x00" * 16])
    assert make_cluster_id(lambda: next(drawn)) == "A" * 22
