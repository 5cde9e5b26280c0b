"""What ends a client for good, in words; every other end of a stream means: go on."""

import grpc

from shuniu_client.endings import End
from shuniu_client.retry_info import asked_by

Code = grpc.StatusCode

FINAL = {
    Code.PERMISSION_DENIED: (
        "此令牌无权接收提醒，请向管理员申请。",
        "this token may not receive alerts: ask the operator.",
    ),
    Code.INVALID_ARGUMENT: (
        "服务端不接受请求，请核对设备标识和筛选条件。",
        "the server does not take the request: look at device_id and filter.",
    ),
    Code.OUT_OF_RANGE: (
        "保存的位置超出信箱末尾，请删除后重试。",
        "the place that was kept lies ahead of the mailbox: remove it and begin again.",
    ),
    Code.UNIMPLEMENTED: (
        "此地址没有提醒流服务，请核对地址和版本。",
        "no alert stream is served there: look at the address and the version.",
    ),
    Code.UNAUTHENTICATED: (
        "令牌无效或已过期，请换新令牌。",
        "the token is not valid, or has expired: get a new one.",
    ),
}


class AlertsRefusedError(Exception):
    """The server refuses what no second attempt would change. Says what to do."""

    def __init__(self, code: grpc.StatusCode, detail: str) -> None:
        zh, en = FINAL.get(code, ("服务端拒绝。", "the server refuses."))
        super().__init__(f"{zh}{en} ({code.name}: {detail})")
        self.code = code
        self.detail = detail


class ReplacedError(Exception):
    """The same device opened another stream; the two would end each other for ever."""

    def __init__(self, device_id: str) -> None:
        super().__init__(
            f"设备 {device_id} 已在别处接收提醒，本处停止。"
            f"device {device_id} receives alerts elsewhere: one stream a device."
        )


def judged(error: grpc.aio.AioRpcError, *, final: bool) -> End:
    """Return the end that *error* is, or raise `AlertsRefusedError`.

    A token that is refused is asked for anew, until that was tried too often: *final*.
    """
    code, detail = error.code(), error.details() or ""
    if code in FINAL and (final or code is not Code.UNAUTHENTICATED):
        raise AlertsRefusedError(code, detail) from error
    return End(f"{code.name}: {detail}", asked=asked_by(error))
