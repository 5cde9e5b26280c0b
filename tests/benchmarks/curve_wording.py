"""What the page and the pictures say of each curve: Chinese first."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A curve's titles, its axes with their units, and how it is measured."""

    zh: str
    en: str
    across: str
    up: str
    unit: str
    text: str


LINES = {
    "ours": "本系统 ours",
    "floor": "手写对照 floor",
    "projection": "投影 projection",
    "copy": "COPY 对照 COPY",
    "whole": "无快照 no snapshot",
    "deep": "深页 a page deep in",
    "today": "今日 today",
    "lag": "积压 lag",
    "behind": "积压（落后者）lag, one behind",
    "events": "事件一页 a page of events",
    "story": "事由链 one story",
}

CURVES = {
    "append-by-events": Words(
        "已存事件与追加一条的耗时",
        "One append, among events stored",
        "已存事件数 events stored",
        "毫秒 ms",
        "ms",
        (
            "One writer; each command raises an item of ten events: load, decide, append. The store is one that "
            "`verify` accepts, with a command for each event. *Floor*: rows by hand into the same tables."
        ),
    ),
    "append-by-streams": Words(
        "卷宗（流）数与开新卷的耗时",
        "Opening an item, among streams of one event",
        "流数 streams",
        "毫秒 ms",
        "ms",
        "One writer; each command opens a new item. *Floor*: rows by hand into the same tables.",
    ),
    "append-by-length": Words(
        "单件历史长度与一次办理的耗时",
        "One command, against the length of its item's history",
        "该件已有事件数 events of the item",
        "毫秒 ms",
        "ms",
        "Load from the snapshot, decide, append. *No snapshot*: the same item read from its first event.",
    ),
    "list-by-items": Words(
        "未办结事项数与列表一页的耗时",
        "A page of the list over HTTP, among open matters",
        "未办结事项数 open matters",
        "毫秒 ms",
        "ms",
        (
            "An officer's list of what is open in the organ or addressed to it, 50 a page; *today* is the first screen's "
            "part. *Floor*: the first page's statement on asyncpg, its rows as they come."
        ),
    ),
    "feed-by-events": Words(
        "已存事件与跟随者处理一条的耗时",
        "A follower's and a projection's event, among events stored",
        "已存事件数 events stored",
        "微秒 µs",
        "µs",
        (
            "The last events of the store: read, decoded and handed over; for the projection with a row of a view each. "
            "*Floor*: the same rows read by position, in batches as large. *COPY*: the view's rows by COPY."
        ),
    ),
    "admin-by-events": Words(
        "已存事件与运维查询的耗时",
        "What operators ask for, among events stored",
        "已存事件数 events stored",
        "毫秒 ms",
        "ms",
        (
            "Over the doors of a service, in one process: `lag`, which the gauges ask for every five seconds, with all "
            "followers at the end and with one at the beginning; a page of events; one story. One timer is armed for every ten events."
        ),
    ),
    "alerts-by-subscribers": Words(
        "订阅者数与送达一条提醒的耗时",
        "One alert, among subscribers of one streamer",
        "订阅者数 subscribers",
        "每条 CPU 微秒 CPU µs an alert",
        "µs",
        "CPU of the streamer's process for each alert, 200 a second to random people. *Floor*: the bare loop.",
    ),
    "consume-by-partitions": Words(
        "分区数与消费一条的耗时",
        "One message consumed, among partitions",
        "分区数 partitions",
        "微秒 µs",
        "µs",
        "A filled topic of as many partitions into a view, by one consumer. *Floor*: the aiokafka loop.",
    ),
}
