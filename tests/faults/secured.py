"""Apache Kafka behind TLS, with a name and a password for each process and an ACL for each right."""

import subprocess
from pathlib import Path

from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
)

from ops.kafka.acls import NEEDS, rights
from services.broker.apache import Listener
from services.broker.security import client_security

ADMIN = "admin"
PROPERTIES = """\
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PKCS12
ssl.keystore.location={keystore}
ssl.keystore.password={store}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:admin
"""


def password(user: str) -> str:
    """A secret of the user's own, to be searched for in what the processes write."""
    return f"planted-{user}-secret"


def make_certificate(directory: Path) -> tuple[Path, Path]:
    """Return a key store for the broker and the PEM file by which clients know it."""
    directory.mkdir(parents=True)
    store, pem = directory / "broker.p12", directory / "ca.pem"
    keytool = ["keytool", "-alias", "kafka", "-keystore", str(store), "-storetype", "PKCS12", "-storepass", "storepass"]
    subprocess.run(
        [*keytool, "-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-validity", "2", "-dname", "CN=127.0.0.1",
         "-ext", "SAN=ip:127.0.0.1", "-ext", "bc=ca:true"],
        check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run([*keytool, "-exportcert", "-rfc", "-file", str(pem)], check=True, capture_output=True)
    return store, pem


def make_listener(store: Path) -> Listener:
    """Return the listener, with every user's password in the cluster's first metadata."""
    storage: list[str] = []
    for user in (ADMIN, *(needs.user for needs in NEEDS)):
        storage += ["--add-scram", f"SCRAM-SHA-512=[name={user},password={password(user)}]"]
    return Listener("SASL_SSL", PROPERTIES.format(keystore=store, store="storepass"), storage)


def settings_of(user: str, pem: Path) -> dict[str, str]:
    """Return the environment of a process that is this user."""
    return {
        "PARLEY_KAFKA_SECURITY": "sasl_ssl",
        "PARLEY_KAFKA_CA": str(pem),
        "PARLEY_KAFKA_USER": user,
        "PARLEY_KAFKA_PASSWORD": password(user),
    }


def grant_rights(bootstrap: str) -> None:
    """Create every ACL of the table; this process must be the admin."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap, **client_security())
    try:
        admin.create_acls(
            [
                ACL(
                    f"User:{right.user}",
                    "*",
                    ACLOperation[right.operation.upper()],
                    ACLPermissionType.ALLOW,
                    ResourcePattern(ResourceType[right.resource.upper()], right.name),
                )
                for right in rights()
            ]
        )
    finally:
        admin.close()
