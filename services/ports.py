"""A loopback port for a child process that cannot pick its own."""

import socket


def free_port() -> int:
    """Return a port that nothing listens on now; a moment later somebody else may."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
