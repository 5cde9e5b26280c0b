"""`python -m tests.faults.process serve …`: the `shuniu` command, with crash points in it.

`SHUNIU_CRASH=point:n` ends the process, as a crash would, at the n-th passing of a point;
`SHUNIU_WITHOUT=guard` takes a guard away. What is not there any more fails loudly.
"""

import os
import sys

from tests.faults.checkers.trace import tell_epochs

UNUSABLE = 3


def main() -> None:
    """Plant what is asked for, then be the command."""
    try:
        tell_epochs()
        if crash := os.environ.get("SHUNIU_CRASH", ""):
            from tests.faults.crash_points import plant  # noqa: PLC0415 most processes need none

            plant(crash)
        if without := os.environ.get("SHUNIU_WITHOUT", ""):
            from tests.faults.guards import remove_here  # noqa: PLC0415 the same

            remove_here(without)
    except (LookupError, ImportError) as error:
        sys.stderr.write(f"tests.faults.process: {error}\n")
        sys.exit(UNUSABLE)
    from suite.cli import main as shuniu  # noqa: PLC0415 what it imports was patched before

    shuniu()


if __name__ == "__main__":
    main()
