"""Gaps, and the tokens with which what is left of them can be read."""

import base64
import binascii
from dataclasses import dataclass, replace
from typing import Self

from shuniu.notifier.v1 import alert_stream_pb2 as pb


@dataclass(frozen=True, slots=True)
class Gap:
    """Sequences that a stream does not send; *page* is how far a reader of them has come."""

    epoch: str
    first: int
    last: int
    reason: pb.GapReason.ValueType
    page: int = 0

    @property
    def token(self) -> str:
        """What a client gives back. It names places alone: whose they are, the bearer says."""
        said = f"1|{self.epoch}|{self.first}|{self.last}|{int(self.reason)}|{self.page}"
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, token: str) -> Self:
        """Return the gap of *token*. Raises `ValueError`."""
        if len(token) > 200:  # noqa: PLR2004 ours are shorter
            raise ValueError(token)
        try:
            padded = token + "=" * (-len(token) % 4)
            said = base64.urlsafe_b64decode(padded.encode("ascii")).decode("ascii")
        except (binascii.Error, UnicodeError) as error:
            raise ValueError(token) from error
        form, epoch, *figures = said.split("|")
        first, last, reason, page = map(int, figures)
        bounded = 0 < first <= last < 2**63 and 0 <= page <= last
        if form != "1" or not bounded or reason not in pb.GapReason.values():
            raise ValueError(token)
        return cls(epoch, first, last, pb.GapReason.ValueType(reason), page)

    def behind(self, sequence: int) -> Self:
        """Return the gap for a reader that has come up to *sequence*."""
        return replace(self, page=sequence)

    def message(self) -> pb.SubscribeResponse:
        """Return the frame that names the gap."""
        return pb.SubscribeResponse(
            gap=pb.SubscribeGap(
                from_sequence=self.first,
                to_sequence=self.last,
                reason=self.reason,
                snapshot_token=self.token,
            )
        )
