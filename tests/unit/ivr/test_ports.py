"""A port that cannot be had is told before anything starts, with the variable to set. Real sockets."""

import socket

import pytest

from ivr.ports import port_faults
from ivr.settings import Settings
from ivr.startup import StartError, check_ports
from tests.ports import free

NAMES = ("IVR_SIP_PORT", "IVR_HTTP_PORT", "IVR_AGI_PORT", "IVR_AMI_PORT")


@pytest.fixture
def given() -> dict[str, str]:
    return dict(zip(NAMES, map(str, free(4)), strict=True))


def settings(given: dict[str, str], **more: str) -> Settings:
    return Settings.from_environment({**given, **more})


def test_free_ports_are_fine(given: dict[str, str]) -> None:
    assert not list(port_faults(settings(given)))


@pytest.mark.parametrize("name", NAMES)
def test_a_port_in_use_names_its_variable(given: dict[str, str], name: str) -> None:
    with (
        socket.create_server(("127.0.0.1", int(given[name]))),
        pytest.raises(StartError, match=rf"TCP port {given[name]} is in use.*{name}"),
    ):
        check_ports(settings(given))


def test_sip_needs_its_port_by_udp_too(given: dict[str, str]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", int(given["IVR_SIP_PORT"])))
        (fault,) = port_faults(settings(given))
    assert fault.startswith(f"UDP port {given['IVR_SIP_PORT']}")


def test_a_port_in_use_at_one_address_is_not_free_at_all(given: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(given["IVR_SIP_PORT"]))):
        assert list(port_faults(settings(given, IVR_BIND="0.0.0.0")))


def test_two_hotlines_at_two_addresses_may_share_numbers(given: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(given["IVR_HTTP_PORT"]))):
        assert not list(port_faults(settings(given, IVR_BIND="127.0.0.2")))


def test_ports_of_ours_that_are_the_same_are_told_as_such(given: dict[str, str]) -> None:
    fault, *_ = port_faults(settings(given, IVR_AGI_PORT=given["IVR_AMI_PORT"]))
    assert "IVR_AGI_PORT and IVR_AMI_PORT" in fault


def test_signalling_does_not_lie_among_the_ports_for_sound(given: dict[str, str]) -> None:
    (fault,) = port_faults(settings(given, IVR_RTP_PORTS="1024-65535"))
    assert "IVR_RTP_PORTS" in fault


@pytest.mark.parametrize(("variable", "told"), [("IVR_BIND", 2), ("IVR_HTTP_BIND", 1)])
def test_an_address_of_another_machine_names_its_variable(given: dict[str, str], variable: str, told: int) -> None:
    faults = list(port_faults(settings(given, **{variable: "192.0.2.77"})))
    assert len(faults) == told
    assert all(f"set {variable}" in fault for fault in faults)
