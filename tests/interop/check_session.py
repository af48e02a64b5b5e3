"""Checks the calls that concern no driver."""

import logging
import queue

from checks import check, run
from google.protobuf import empty_pb2
from jumpstarter.common import ExporterStatus
from jumpstarter_protocol import jumpstarter_pb2
from jumpstarter_protocol.jumpstarter.v1 import common_pb2


@check("GetStatus says that the lease is ready")
def _(root):
    status = root.portal.call(root.stub.GetStatus, jumpstarter_pb2.GetStatusRequest())
    found = (status.status, status.message, status.status_version, status.previous_status)
    assert found == (common_pb2.EXPORTER_STATUS_LEASE_READY, "", 1, common_pb2.EXPORTER_STATUS_AVAILABLE), found
    assert root.portal.call(root.get_status_async) is ExporterStatus.LEASE_READY
    root.portal.call(root.check_exporter_status)


@check("the log has what a driver says")
def _(root):
    root.power.on()

    async def read():
        async for record in root.stub.LogStream(empty_pb2.Empty()):
            if record.message == "power on":
                return record.severity, record.source

    assert root.portal.call(read) == ("INFO", common_pb2.LOG_SOURCE_DRIVER)


@check("the client's log stream hands it on")
def _(root):
    records = queue.SimpleQueue()
    handler = logging.Handler()
    handler.emit = records.put
    logger = logging.getLogger("exporter:driver")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        with root.log_stream():
            root.power.off()
            while (record := records.get(timeout=10)).getMessage() != "power off":
                pass
            assert record.levelno == logging.INFO
    finally:
        logger.removeHandler(handler)


@check("EndSession has no lease to end, and the session goes on")
def _(root):
    assert root.portal.call(root.end_session_async) is False
    root.power.on()


run()
