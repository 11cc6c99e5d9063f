"""Where a feed may lead us."""

import socket

import pytest

from services.ingest.address import AddressRefused, guarded_sockets, is_allowed

PUBLIC = ["8.8.8.8", "151.101.0.81", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
PRIVATE = ["127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.3.4", "192.168.1.1", "100.64.0.1", "::1", "fd12::1"]
CARRIED = ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fec0::1"]
NEVER = [
    "169.254.169.254",
    "169.254.170.2",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "fe80::1%eth0",
    "168.63.129.16",
    "fd00:ec2::254",
    "0.0.0.0",  # noqa: S104  An address that is refused, not one that is bound.
    "::",
    "224.0.0.1",
    "ff02::1",
    "localhost",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(address, private=False)


@pytest.mark.parametrize("address", PRIVATE + CARRIED)
def test_private_addresses_need_the_setting(address: str) -> None:
    assert not is_allowed(address, private=False)
    assert is_allowed(address, private=True)


@pytest.mark.parametrize("address", NEVER)
def test_metadata_and_link_local_are_refused_whatever_the_setting(address: str) -> None:
    assert not is_allowed(address, private=False)
    assert not is_allowed(address, private=True)


def test_the_socket_is_not_even_made() -> None:
    make = guarded_sockets(private=False)
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))
    with pytest.raises(AddressRefused):
        make(info)
    guarded_sockets(private=True)(info).close()
