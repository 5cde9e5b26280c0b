"""What a service consists of, and what of it one process does."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from chassis.consumer import Subscription
from chassis.domain import Category
from chassis.feed.follower import Follower
from chassis.parts import Parts
from chassis.projection import Projection
from chassis.reactions import React
from chassis.relay import ToPublic
from chassis.rpc import RpcService
from chassis.timers import Arming, Firing


def _nothing(_: Any) -> Any:
    return ()


def _nobody(_: Any) -> Any:
    return {}


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a service consists of. Functions of `Parts` are called once they are open.

    *internal_topics* are for our own services alone. Where its topics are *compacted*, every
    message is all there is to know of its item. With *replica* it knows the directory.
    """

    name: str
    title: str
    folder: Path
    categories: Sequence[Category[Any, Any, Any]]
    projections: Sequence[Projection] = ()
    topics: Mapping[str, str] = field(default_factory=dict)
    to_public: ToPublic = _nothing
    internal_topics: Mapping[str, str] = field(default_factory=dict)
    to_internal: Callable[[Parts], ToPublic] = _nothing
    compacted: bool = False
    replica: bool = True
    arming: Mapping[str, Arming] = field(default_factory=dict)
    firing: Callable[[Parts], Mapping[str, Firing]] = _nobody
    reactions: Callable[[Parts], Mapping[str, React]] = _nobody
    subscriptions: Callable[[Parts], Sequence[Subscription]] = _nothing
    followers: Callable[[Parts], Sequence[Follower]] = _nothing
    routers: Sequence[APIRouter] = ()
    rpc: Callable[[Parts], Sequence[RpcService]] = _nothing
    forget: Callable[[Parts], Awaitable[None]] | None = None  # what is old, every hour
    check: Callable[[Parts], object] = _nothing  # raises what is wrong with a site's data


@dataclass(frozen=True, slots=True)
class Duties:
    """What of a service one process does.

    *works*: it follows the feed, consumes, fires timers, keeps house, and serves HTTP.
    *calls*: it serves gRPC.
    """

    works: bool = True
    calls: bool = True


ALL = Duties()
