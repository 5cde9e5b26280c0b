"""What one checker finds: counts of what it looked at, and a bounded list of sentences."""

from collections import Counter

from tests.faults.evidence import Verdict

MOST = 40
"""So many violations are told in full; of the others it is said how many there are."""


class Findings:
    """Collects for one verdict. Violations are whole sentences: whoever reads them was asleep."""

    def __init__(self, invariant: str) -> None:
        self._invariant = invariant
        self._counted: Counter[str] = Counter()
        self._said: list[str] = []
        self._more = 0

    def count(self, what: str, number: int = 1) -> None:
        """Count something that was looked at; 0 shows that it was looked for."""
        self._counted[what] += number

    def counted(self, what: str) -> int:
        """Return how many of something were looked at so far."""
        return self._counted[what]

    def violated(self, sentence: str) -> None:
        """Note one violation."""
        if len(self._said) < MOST:
            self._said.append(sentence)
        else:
            self._more += 1

    def expect_work(self, what: str, sentence: str) -> None:
        """Note a violation where nothing of *what* was looked at: a blind checker proves nothing."""
        if not self._counted[what]:
            self.violated(sentence)

    def verdict(self) -> Verdict:
        """Return what was found."""
        more = [f"And {self._more} more of the kind."] if self._more else []
        return Verdict(self._invariant, dict(self._counted), [*self._said, *more])
