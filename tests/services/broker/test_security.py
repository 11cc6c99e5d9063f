"""Settings of a secured Kafka: all of them reach every client, and what does not fit together is refused."""

import ast
import ssl
from pathlib import Path

import pytest
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth

import services
from services.broker.security import client_security, read_security
from services.errors import UsageProblem
from streams.app import create_app

PASSWORD = "never-in-any-log"
CLIENTS = {"KafkaConsumer", "KafkaProducer", "KafkaAdminClient"}


def secure(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"PARLEY_KAFKA_{name.upper()}", value)


def test_without_settings_nothing_is_secured() -> None:
    assert client_security() == {"security_protocol": "PLAINTEXT"}
    assert read_security().credentials() is None


def test_kafka_python_and_aiokafka_are_told_protocol_certificates_user_and_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secure(monkeypatch, security="sasl_ssl", user="parley-ingest", password=PASSWORD)
    options = client_security()
    context = options.pop("ssl_context")
    assert options == {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "parley-ingest",
        "sasl_plain_password": PASSWORD,
    }
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_faust_tells_its_clients_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secure(monkeypatch, security="sasl_ssl", user="parley-stream", password=PASSWORD, mechanism="SCRAM-SHA-256")
    app = create_app("127.0.0.1:1", tmp_path, credentials=read_security().credentials())
    assert credentials_to_aiokafka_auth(app.conf.broker_credentials) == client_security()
    assert PASSWORD not in repr(app.conf.broker_credentials)


def test_tls_without_a_user_reaches_faust_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secure(monkeypatch, security="ssl")
    app = create_app("127.0.0.1:1", tmp_path, credentials=read_security().credentials())
    assert credentials_to_aiokafka_auth(app.conf.broker_credentials) == client_security()


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"security": "sasl_ssl", "user": "x"}, "PARLEY_KAFKA_PASSWORD"),
        ({"user": "x", "password": PASSWORD}, "sasl_ssl"),
        ({"security": "ssl", "user": "x", "password": PASSWORD}, "sasl_ssl"),
        ({"security": "sasl_plaintext", "user": "x", "password": PASSWORD}, "PARLEY_KAFKA_SECURITY"),
        ({"security": "ssl", "ca": "/dev/null"}, "PARLEY_KAFKA_CA"),
        ({"security": "ssl", "ca": "/no/such/file"}, "PARLEY_KAFKA_CA"),
        ({"ca": "/dev/null"}, "PARLEY_KAFKA_CA"),
        ({"security": "sasl_ssl", "user": "x", "password": PASSWORD, "mechanism": "GSSAPI"}, "KAFKA_MECHANISM"),
    ],
)
def test_what_would_leave_a_process_unnamed_or_its_password_open_is_refused(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], what: str
) -> None:
    secure(monkeypatch, **settings)
    with pytest.raises(UsageProblem, match=what) as problem:
        read_security()
    assert PASSWORD not in str(problem.value)


def test_no_client_is_made_without_them() -> None:
    """A new client that forgets them works on every developer's broker and on no secured one."""
    made = []
    for path in Path(str(services.__path__[0])).rglob("*.py"):
        source = path.read_text()
        for call in ast.walk(ast.parse(source)):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in CLIENTS:
                made.append(path.name)
                spread = [ast.unparse(one.value) for one in call.keywords if one.arg is None]
                assert "client_security()" in spread or (
                    "self._options" in spread and "**client_security()," in source
                ), f"{path}:{call.lineno}"
    assert len(made) >= 8
