"""Reads `google.rpc.RetryInfo` off a refusal.

The few fields of it that are needed are described here, so that the client depends on nothing
but gRPC and the contract.
"""

from typing import Any

import grpc
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import ParseDict
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass

DETAILS = "grpc-status-details-bin"
RETRY_INFO = "/google.rpc.RetryInfo"


def _field(name: str, number: int, kind: str, **more: str) -> dict[str, Any]:
    usual = {"name": name, "number": number, "type": f"TYPE_{kind}"}
    return usual | {"label": "LABEL_OPTIONAL"} | more


_FILE = {
    "name": "shuniu_client/retry_info.proto",
    "package": "shuniu_client",
    "syntax": "proto3",
    "messageType": [
        {
            "name": "Packed",
            "field": [_field("type_url", 1, "STRING"), _field("value", 2, "BYTES")],
        },
        {
            "name": "Status",
            "field": [
                _field(
                    "details",
                    3,
                    "MESSAGE",
                    label="LABEL_REPEATED",
                    typeName=".shuniu_client.Packed",
                )
            ],
        },
        {
            "name": "Delay",
            "field": [_field("seconds", 1, "INT64"), _field("nanos", 2, "INT32")],
        },
        {
            "name": "RetryInfo",
            "field": [_field("delay", 1, "MESSAGE", typeName=".shuniu_client.Delay")],
        },
    ],
}
_POOL = (
    DescriptorPool()
)  # of our own: an application may have the real ones in the usual pool
_POOL.AddSerializedFile(ParseDict(_FILE, FileDescriptorProto()).SerializeToString())


def _class(name: str) -> Any:
    return GetMessageClass(_POOL.FindMessageTypeByName(f"shuniu_client.{name}"))


_STATUS, _RETRY_INFO = _class("Status"), _class("RetryInfo")


def asked_by(error: grpc.aio.AioRpcError) -> float:
    """Return the seconds that a refusal asks its caller to wait, or 0."""
    for key, value in error.trailing_metadata() or ():
        if key != DETAILS or not isinstance(value, bytes):
            continue
        try:
            for detail in _STATUS.FromString(value).details:
                if detail.type_url.endswith(RETRY_INFO):
                    delay = _RETRY_INFO.FromString(detail.value).delay
                    return max(0.0, float(delay.seconds + delay.nanos / 1e9))
        except DecodeError:
            return 0.0
    return 0.0
