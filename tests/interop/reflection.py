"""Asks a server what it serves, and calls what it found: `reflection.py ENDPOINT CA`."""

import sys

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

endpoint, ca = sys.argv[1:]
with open(ca, "rb") as file:
    credentials = grpc.ssl_channel_credentials(file.read())
with grpc.secure_channel(endpoint, credentials) as channel:
    database = ProtoReflectionDescriptorDatabase(channel)
    pool = DescriptorPool(database)
    for name in database.get_services():
        service = pool.FindServiceByName(name)
        print(name, *(method.name for method in service.methods))
    check = pool.FindServiceByName("grpc.health.v1.Health").FindMethodByName("Check")
    call = channel.unary_unary(
        f"/{check.containing_service.full_name}/{check.name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=GetMessageClass(check.output_type).FromString,
    )
    print(call(GetMessageClass(check.input_type)(), timeout=10))
