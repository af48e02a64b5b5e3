"""Checks the mock power supplies."""

from checks import check, raises, run
from jumpstarter.client.core import DriverMethodNotImplemented


def readings(supply):
    return [(reading.voltage, reading.current) for reading in supply.read()]


@check("on() and off() give nothing back")
def _(root):
    assert root.power.call("on") is None
    assert root.power.call("off") is None
    root.power.on()
    root.power.off()


@check("read() gives both readings")
def _(root):
    assert readings(root.power) == [(0.0, 0.0), (5.0, 2.0)], readings(root.power)


@check("cycle() switches off and on")
def _(root):
    root.power.cycle(0)


@check("rescue() is not implemented")
def _(root):
    with raises(DriverMethodNotImplemented, "NOT_FOUND"):
        root.power.rescue()


@check("the synchronous supply does the same")
def _(root):
    supply = root.rack.spare
    supply.on()
    supply.off()
    assert readings(supply) == [(0.0, 0.0), (5.0, 2.0)]


run()
