"""Tests of the simulated board as users write them, and a class of tests that have to fail."""

import urllib.request

import pytest
from jumpstarter_driver_network.adapters import TcpPortforwardAdapter
from jumpstarter_testing.pytest import JumpstarterTest


class TestBoard(JumpstarterTest):
    @pytest.fixture(scope="class", autouse=True)
    def image(self, client, tmp_path_factory):
        image = tmp_path_factory.mktemp("board") / "image"
        image.write_text("VERSION=1.2.3\n")
        client.storage.flash(image)

    @pytest.fixture()
    def console(self, client):
        with client.serial.pexpect() as console:
            yield console

    @pytest.fixture()
    def booted(self, client, console):
        client.power.cycle(0)
        console.expect_exact("login:", timeout=20)
        yield console
        client.power.off()

    def test_login(self, booted):
        booted.sendline("root")
        booted.expect_exact("# ", timeout=20)
        booted.sendline("cat /etc/os-release")
        booted.expect_exact("VERSION=1.2.3", timeout=20)

    def test_web(self, client, booted):
        with TcpPortforwardAdapter(client=client.web) as (host, port):
            with urllib.request.urlopen(f"http://{host}:{port}/", timeout=10) as answer:
                assert answer.status == 200


class TestPower(JumpstarterTest):
    def test_off(self, client):
        client.power.off()
        assert [reading.current for reading in client.power.read()] == [0.0]

    def test_on(self, client):
        client.power.on()
        assert all(reading.voltage > 4 for reading in client.power.read())


class TestFaulty(JumpstarterTest):
    def test_passes(self, client):
        client.power.on()

    def test_what_does_not_hold(self, client):
        assert list(client.power.read()) == []

    def test_what_the_exporter_refuses(self, client):
        client.power.call("nope")

    def test_what_the_board_has_not(self, client):
        client.nope.on()
