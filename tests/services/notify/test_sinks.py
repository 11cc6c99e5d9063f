"""Addresses and keys are checked before anything is sent, and are shown nowhere."""

import base64
import io

import pytest

from services.errors import UsageProblem
from services.notify.addresses import check_secrets, check_url, fingerprint, shown
from services.notify.deliver.terminal import Form
from services.notify.sinks import open_channels
from services.settings import read_settings

SECRET = "SECRETPATH"
KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.mark.parametrize(
    "url",
    [
        f"hooks.example/{SECRET}",
        f"ftp://hooks.example/{SECRET}",
        f"https:///{SECRET}",
        f"https://hooks.example:99999/{SECRET}",
        f"https://hooks.example:0/{SECRET}",
        f"https://hooks.example/{SECRET}\n",
        f"https://hooks.example/ {SECRET}",
        f"https://[broken/{SECRET}",
        "",
    ],
)
@pytest.mark.parametrize("option", ["slack", "webhook"])
def test_what_cannot_be_posted_to_is_refused_without_showing_it(option: str, url: str) -> None:
    with pytest.raises(UsageProblem, match=f"--{option}") as raised:
        open_channels(read_settings(**{option: url}), None, io.StringIO(), {})
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("url", ["https://hooks.example/x", "http://127.0.0.1:9000/", "http://[::1]:9000/x?y=z"])
def test_a_web_address_is_taken_as_it_is(url: str) -> None:
    assert check_url(url, "--webhook") == url


def test_an_address_is_shown_without_what_could_be_secret() -> None:
    assert shown(f"https://user:{SECRET}@hooks.example:8443/{SECRET}?{SECRET}") == "https://hooks.example:8443/<secret>"
    assert shown(f"http://[::1]:9000/{SECRET}") == "http://[::1]:9000/<secret>"


def test_a_fingerprint_tells_addresses_apart_and_nothing_else() -> None:
    one, other = fingerprint(f"https://hooks.example/{SECRET}"), fingerprint("https://hooks.example/other")
    assert one != other
    assert SECRET not in one
    assert len(one) == 16


def test_several_keys_may_be_given_while_one_is_exchanged() -> None:
    assert check_secrets(f"{KEY}  {KEY}") == [KEY, KEY]
    assert check_secrets("") == []


@pytest.mark.parametrize(
    "keys", [SECRET, f"whsec_{SECRET}!", "whsec_" + base64.b64encode(b"short").decode(), f"{KEY} whsec_", KEY[6:]]
)
def test_a_key_that_is_none_is_refused_without_showing_it(keys: str) -> None:
    with pytest.raises(UsageProblem, match="24 to 64 bytes") as raised:
        check_secrets(keys)
    assert SECRET not in str(raised.value)
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "form", "names"),
    [
        ({}, None, ["terminal"]),
        ({}, "json", ["terminal"]),
        ({"slack": "https://a.example/x"}, None, ["slack"]),
        ({"slack": "https://a.example/x", "webhook": "https://b.example/x"}, "text", ["slack", "webhook", "terminal"]),
    ],
)
def test_alerts_go_where_the_settings_say(given: dict[str, str], form: Form | None, names: list[str]) -> None:
    channels = open_channels(read_settings(**given), form, io.StringIO(), {})
    assert [channel.name for channel in channels] == names
