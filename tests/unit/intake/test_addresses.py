"""Where a fetch may connect to."""

import pytest

from streams.errors import DeltawireError
from streams.intake.addresses import AddressRefusedError, AddressRule

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"]
PRIVATE = {
    "loopback": ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "::127.0.0.1"],
    "private": ["10.0.0.1", "172.16.1.1", "192.168.1.1", "fd00::1", "::ffff:10.0.0.1"],
    "link-local": ["169.254.1.1", "fe80::1", "fe80::1%eth0"],
    "metadata": ["169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254", "168.63.129.16"],
    "carrier": ["100.64.0.1", "100.127.255.254"],
    "multicast": ["224.0.0.1", "224.0.1.1", "239.1.1.1", "ff02::1", "ff0e::1"],
    "none": ["0.0.0.0", "::", "255.255.255.255", "240.0.0.1"],
    "documents": ["192.0.2.1", "198.51.100.1", "2001:db8::1"],
    "benchmarks": ["198.18.0.1"],
    "translated": ["64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1"],
    "tunnelled": ["2001:0:a00:1:8000:63bf:3fff:fdd2"],
    "given up": ["fec0::1", "192.88.99.1"],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_permitted(address):
    assert AddressRule().permits(address)


@pytest.mark.parametrize("address", [a for some in PRIVATE.values() for a in some])
def test_all_others_are_refused_when_the_socket_is_made(address):
    rule = AddressRule()
    assert not rule.permits(address)
    with pytest.raises(AddressRefusedError, match="no public address"):
        rule.make_socket((2, 1, 6, "", (address, 80)))


def test_what_is_allowed_is_allowed_in_every_spelling_and_nothing_else():
    rule = AddressRule(["10.1.0.0/16", "::1"])
    assert all(map(rule.permits, ("10.1.2.3", "::ffff:10.1.2.3", "::1", "8.8.8.8")))
    assert not any(map(rule.permits, ("10.2.0.1", "127.0.0.1", "169.254.169.254")))


def test_a_network_that_is_none_is_a_clear_error():
    with pytest.raises(DeltawireError, match="--allow"):
        AddressRule(["ten"])
