"""The settings of a secured Kafka -> what each client library calls them; secrets are opened nowhere else.

From the environment alone: a password on a command line is in every process list.
"""

import ssl
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import SecretStr

from services.errors import UsageProblem
from services.settings import read_settings

PROTOCOLS: Final = {"plaintext": "PLAINTEXT", "ssl": "SSL", "sasl_ssl": "SASL_SSL"}


class Security(NamedTuple):
    """How to reach the brokers. `context` is there with TLS, `user` and `password` with SASL."""

    protocol: str = "PLAINTEXT"
    context: ssl.SSLContext | None = None
    mechanism: str = ""
    user: str = ""
    password: SecretStr = SecretStr("")

    def options(self) -> dict[str, Any]:
        """Return the arguments of kafka-python's clients and of aiokafka's, which share their names."""
        options: dict[str, Any] = {"security_protocol": self.protocol}
        if self.context is not None:
            options["ssl_context"] = self.context
        if self.user:
            options |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password.get_secret_value(),
            }
        return options

    def credentials(self) -> Any:
        """Return what Faust calls `broker_credentials`; None without TLS."""
        import faust  # noqa: PLC0415  Heavy, and only the worker needs it.

        if self.context is None:
            return None
        if not self.user:
            return faust.SSLCredentials(self.context)
        return faust.SASLCredentials(
            username=self.user,
            password=self.password.get_secret_value(),
            ssl_context=self.context,
            mechanism=self.mechanism,
        )


def read_security() -> Security:
    """Return the security of this process's settings; raises UsageProblem where they do not fit together."""
    settings = read_settings()
    protocol = PROTOCOLS[settings.kafka_security]
    named = settings.kafka_user is not None and settings.kafka_password is not None
    if protocol == "SASL_SSL" and not named:
        raise UsageProblem("PARLEY_KAFKA_SECURITY=sasl_ssl needs PARLEY_KAFKA_USER and PARLEY_KAFKA_PASSWORD")
    if protocol != "SASL_SSL" and (settings.kafka_user is not None or settings.kafka_password is not None):
        # Otherwise the process would go unnamed, or its password unencrypted, without a word.
        raise UsageProblem("PARLEY_KAFKA_USER and PARLEY_KAFKA_PASSWORD need PARLEY_KAFKA_SECURITY=sasl_ssl")
    if protocol == "PLAINTEXT":
        if settings.kafka_ca is not None:
            raise UsageProblem("PARLEY_KAFKA_CA needs PARLEY_KAFKA_SECURITY=ssl or sasl_ssl")
        return Security()
    context = _context(settings.kafka_ca)
    if not named or settings.kafka_user is None or settings.kafka_password is None:
        return Security(protocol, context)
    return Security(protocol, context, settings.kafka_mechanism, settings.kafka_user, settings.kafka_password)


def client_security() -> dict[str, Any]:
    """Return the arguments of a Kafka client of this process; raises UsageProblem."""
    return read_security().options()


@cache
def _context(ca: Path | None) -> ssl.SSLContext:
    """Certificates are checked, names too; against `ca` alone where it is given, else against the system's."""
    try:
        return ssl.create_default_context(cafile=str(ca) if ca is not None else None)
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise UsageProblem(f"PARLEY_KAFKA_CA {ca}: no PEM file of certificates ({reason})") from None
