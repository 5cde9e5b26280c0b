"""All faults, from every family in `tests/faults/faults/`."""

import importlib
from collections.abc import Sequence
from pathlib import Path

from tests.faults.fault import Fault, Tier
from tests.faults.results import order

FAMILIES = Path(__file__).parent / "faults"


class UnknownFaultError(LookupError):
    """There is no such fault."""


def all_faults() -> list[Fault]:
    """Return every fault, in the order of the design's table."""
    found: dict[str, Fault] = {}
    for file in sorted(FAMILIES.glob("[a-z]*.py")):
        module = importlib.import_module(f"tests.faults.faults.{file.stem}")
        for fault in getattr(module, "FAULTS", ()):
            if fault.name in found:
                raise UnknownFaultError(f"two faults are called {fault.name}")
            found[fault.name] = fault
    return sorted(found.values(), key=lambda fault: order(fault.name))


def chosen(only: str, tier: Tier | None) -> list[Fault]:
    """Return the faults that are named in *only*: F6, or F7.killed; or those of a *tier*.

    Raises `UnknownFaultError`.
    """
    known = all_faults()
    if not only:
        return [fault for fault in known if tier is None or fault.tier is tier]
    found: list[Fault] = []
    for name in only.split(","):
        named: Sequence[Fault] = [f for f in known if name in (f.id, f.name)]
        if not named:
            raise UnknownFaultError(f"there is no fault {name}: --list names them")
        found += [fault for fault in named if fault not in found]
    return found
