"""Each word's validator: it lets a sound log pass, and finds the one thing that breaks it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.notifier.validators.figures import at_least_once, fair
from tests.notifier.validators.log import (
    Arrived,
    Bookmark,
    Ended,
    Entry,
    Left,
    Log,
    Named,
    Opened,
    Retried,
    Row,
    Settled,
    Stuck,
    read,
)
from tests.notifier.validators.words import WORDS, Breaches

DEADLINE = 10.0
AT_MOST = 0.5
WHO = "deng.jie"
ROWS = [Row(WHO, n, f"alert-{n}", at=float(n)) for n in range(1, 7)]
LOST = replace(ROWS[0], kept=False)
FIRST = Opened(10.0, "one", WHO, "e", head=4, oldest=1, after=0, outcome="RESUMED")
SECOND = Opened(40.0, "two", WHO, "e", head=6, oldest=1, after=3, outcome="RESUMED")
SOUND: Sequence[Entry] = [
    *ROWS,
    FIRST,
    *(Arrived(11.0, "one", n, f"alert-{n}") for n in (1, 2, 3, 4)),
    Bookmark(12.0, "one", 4),
    Settled(13.0, "one", (1, 2, 3)),
    Retried(13.0, "one", (4,), 1.0),
    Arrived(15.0, "one", 4, "alert-4", attempt=2, redelivered=True),
    Ended(20.0, "one", "UNAVAILABLE"),
    SECOND,
    Arrived(41.0, "two", 4, "alert-4", attempt=3, redelivered=True),
    Arrived(41.0, "two", 5, "alert-5"),
    Arrived(41.0, "two", 6, "alert-6"),
    Settled(42.0, "two", (4, 5, 6)),
    Bookmark(43.0, "two", 6),
]
LEFT = Left(40.5, "two", 1, 3, (2, 3))
BEHIND_A_GAP: Sequence[Entry] = [
    LOST,
    *ROWS[1:],
    replace(SECOND, oldest=2, after=0, outcome="GAP"),
    Named(40.0, "two", 1, 3, "RETENTION"),
    LEFT,
    *(Arrived(41.0, "two", n, f"alert-{n}") for n in (4, 5, 6)),
    Settled(42.0, "two", (2, 3, 4, 5, 6)),
    Bookmark(43.0, "two", 6),
]
BESIDE_A_STUCK_ONE: Sequence[Entry] = [
    Stuck(3.5, 9.0, "jiang.xin"),
    *ROWS,
    replace(FIRST, at=0.5, head=0),
    *(Arrived(n + 0.01, "one", n, f"alert-{n}") for n in range(1, 7)),
]


def changed(log: Sequence[Entry], *swaps: tuple[Entry, Entry | None]) -> Log:
    """Return *log* with entries replaced, or left out."""
    there = dict(swaps)
    assert set(there) <= set(log)
    now = [there.get(entry, entry) for entry in log]
    return Log([entry for entry in now if entry is not None])


def all_words(log: Log) -> dict[str, Breaches]:
    found = {name: word(log) for name, word in WORDS.items()}
    return found | {"At-least-once": at_least_once(log, DEADLINE)}


@pytest.mark.parametrize("log", [SOUND, BEHIND_A_GAP], ids=["sound", "gap"])
def test_a_sound_log_keeps_every_word(log: Sequence[Entry]) -> None:
    assert not any(all_words(Log(log)).values())


@pytest.mark.parametrize("log", [SOUND, BEHIND_A_GAP, BESIDE_A_STUCK_ONE])
def test_a_log_is_read_as_it_was_written(log: Sequence[Entry], tmp_path: Path) -> None:
    Log(log).write(tmp_path / "log.jsonl")
    assert read(tmp_path / "log.jsonl").entries == [*log]


SWAPPED = (
    (Arrived(11.0, "one", 2, "alert-2"), Arrived(11.0, "one", 3, "alert-3")),
    (Arrived(11.0, "one", 3, "alert-3"), Arrived(11.0, "one", 2, "alert-2")),
)
FIVE, SIX = Arrived(41.0, "two", 5, "alert-5"), Arrived(41.0, "two", 6, "alert-6")
AGAIN = Arrived(15.0, "one", 4, "alert-4", attempt=2, redelivered=True)


@pytest.mark.parametrize(
    ("word", "log", "said"),
    [
        ("Ordered", changed(SOUND, *SWAPPED), "2 came after 3"),
        ("Ordered", changed(SOUND, (SIX, replace(SIX, alert_id="alert-5"))), "not what"),
        ("Unique", changed(SOUND, (AGAIN, replace(AGAIN, redelivered=False))), "twice"),
        ("Unique", changed(SOUND, (AGAIN, replace(AGAIN, attempt=1))), "twice"),
        ("Reliable", changed(SOUND, (FIVE, None)), "6 came, 5 never did"),
        (
            "Resumable",
            changed(SOUND, (SECOND, replace(SECOND, outcome="GAP"))),
            "3 is kept, and was answered with a gap",
        ),
        (
            "Resumable",
            changed(SOUND, (SECOND, replace(SECOND, outcome="NOTHING_MISSED"))),
            "but [4, 5, 6] were",
        ),
        (
            "Resumable",
            changed(SOUND, (FIVE, replace(FIVE, sequence=3, alert_id="alert-3"))),
            "3 came again",
        ),
        (
            "Bookmarkable",
            changed(SOUND, (SIX, None), (Settled(42.0, "two", (4, 5, 6)), None)),
            "the bookmark 6 is past 6",
        ),
        (
            "Bookmarkable",
            changed(SOUND, (Bookmark(43.0, "two", 6), Bookmark(43.0, "two", 2))),
            "went back",
        ),
        ("Honest", changed(BEHIND_A_GAP, (BEHIND_A_GAP[7], None)), "without a word"),
        (
            "Honest",
            changed(BEHIND_A_GAP, (BEHIND_A_GAP[8], replace(LEFT, sequences=(3,)))),
            "2 is kept, and not in the snapshot",
        ),
        (
            "Honest",
            changed(BEHIND_A_GAP, (LOST, ROWS[0])),
            "a gap was named, and all of it is kept",
        ),
        (
            "Honest",
            changed(BEHIND_A_GAP, (BEHIND_A_GAP[6], replace(SECOND, oldest=2, after=0))),
            "were lost, and it said RESUMED",
        ),
        (
            "Honest",
            changed(SOUND, (SECOND, replace(SECOND, cursor_epoch="another"))),
            "another mailbox, and RESUMED was said",
        ),
    ],
)
def test_a_log_that_breaks_a_word_is_found(word: str, log: Log, said: str) -> None:
    assert any(said in breach for breach in WORDS[word](log)), WORDS[word](log)


def test_what_is_not_finished_must_come_again_within_its_deadline() -> None:
    late = [
        *(entry for entry in SOUND if entry != AGAIN and not isinstance(entry, Ended)),
        Ended(39.0, "one", "UNAVAILABLE"),
    ]
    breaches = at_least_once(Log(late), DEADLINE)
    assert breaches == [f"{WHO}: 4 was not finished and did not come again"]


def test_what_never_came_is_found_unless_it_was_given_up_or_filtered_out() -> None:
    seventh = Row(WHO, 7, "alert-7", at=7.0)
    judge: Callable[[Row], Breaches] = lambda row: at_least_once(  # noqa: E731 one line
        Log([*SOUND, row]), DEADLINE
    )
    assert judge(seventh) == [f"{WHO}: 7 never came"]
    assert not judge(replace(seventh, given_up=True))
    assert not judge(replace(seventh, matches=False))


def test_others_that_wait_beside_a_stuck_one_are_found() -> None:
    assert not fair(Log(BESIDE_A_STUCK_ONE), AT_MOST)
    slow = Arrived(7.0, "one", 6, "alert-6")
    held = changed(BESIDE_A_STUCK_ONE, (Arrived(6.01, "one", 6, "alert-6"), slow))
    assert "others waited" in fair(held, AT_MOST)[0]
    assert "nothing to compare" in fair(Log(SOUND), AT_MOST)[0]
