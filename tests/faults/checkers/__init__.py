"""The invariants' checkers: each looks at what a run left behind, and says what is wrong with it.

`CHECKERS` has one for every invariant of the design. None changes what it looks at: what it
needs is laid into temporary tables, or into a schema or a database that it drops again.
"""

from collections import Counter
from collections.abc import Mapping

from tests.faults.checkers.alerts import mailboxes
from tests.faults.checkers.answering import fast_failures
from tests.faults.checkers.auditing import audit_records
from tests.faults.checkers.commands import answered_commands, refused_and_unknown
from tests.faults.checkers.consuming import consumed_or_parked
from tests.faults.checkers.effects import single_effects
from tests.faults.checkers.hearing import heard_alerts
from tests.faults.checkers.keeping_quiet import quiet_and_sound
from tests.faults.checkers.leases import fenced_writes
from tests.faults.checkers.publishing import published_events
from tests.faults.checkers.recovering import recovery
from tests.faults.checkers.streams import whole_streams
from tests.faults.checkers.views import folded_views
from tests.faults.evidence import Checker, Evidence, Verdict

__all__ = ["CHECKERS"]


def together(*checkers: Checker) -> Checker:
    """Return one checker that says what several of one invariant say."""

    async def check(evidence: Evidence) -> Verdict:
        verdicts = [await checker(evidence) for checker in checkers]
        counted: Counter[str] = Counter()
        for verdict in verdicts:
            counted.update(verdict.counted)
        violations = [said for verdict in verdicts for said in verdict.violations]
        return Verdict(verdicts[0].invariant, dict(counted), violations)

    return check


CHECKERS: Mapping[str, Checker] = {
    "I1": answered_commands,
    "I2": refused_and_unknown,
    "I3": whole_streams,
    "I4": published_events,
    "I5": together(folded_views, single_effects, mailboxes, heard_alerts),
    "I6": recovery,
    "I7": fast_failures,
    "I8": audit_records,
    "I9": quiet_and_sound,
    "I10": consumed_or_parked,
    "I11": fenced_writes,
}
