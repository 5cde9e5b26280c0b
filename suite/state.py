"""The folder that a suite on this machine keeps its state in: database, keys, address."""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

DEFAULT = Path(".state") / "demo"
OWN = Path(".state") / "suite"
ADDRESS = "address.json"


class StateError(Exception):
    """The folder cannot be used; the message says what to do. One line."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a running suite is reached, and whose it is.

    *services* are the addresses of those that have one of their own. *log* is the database
    of its embedded log; with *kafka* the log is there instead.
    """

    http: str
    grpc: str
    log: str
    organisation: str
    calendar_years: Sequence[int] | None
    pid: int
    services: Mapping[str, str] = field(default_factory=dict)
    kafka: str | None = None


class State:
    """One state folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @property
    def database(self) -> Path:
        """Where PostgreSQL's files are."""
        return self.folder / "postgres"

    @property
    def keys(self) -> Path:
        """Where the demo's token issuer keeps its keys."""
        return self.folder / "keys"

    @property
    def logs(self) -> Path:
        """Where the services' processes write what they have to say."""
        return self.folder / "logs"

    @property
    def outcomes(self) -> Path:
        """What came of the last play."""
        return self.folder / "outcomes.json"

    @property
    def played(self) -> Path:
        """Says which scenario was played to its end here."""
        return self.folder / "played.json"

    @contextlib.contextmanager
    def held(self, *, fresh: bool = False) -> Iterator[None]:
        """Hold the folder for this process. Raises `StateError`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("a+")
        except OSError as error:
            raise StateError(
                f"cannot write to {self.folder} ({error.strerror}): "
                "choose another folder with --state FOLDER"
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StateError(
                    f"another suite is running on {self.folder}: stop it with Ctrl-C there, "
                    "or choose another folder with --state FOLDER"
                ) from error
            if fresh:
                self._clear()
            try:
                yield
            finally:
                (self.folder / ADDRESS).unlink(missing_ok=True)

    def announce(
        self,
        *,
        http: str,
        grpc: str,
        log: str,
        organisation: Path,
        calendar_years: Sequence[int] | None,
        services: Mapping[str, str] | None = None,
        kafka: str | None = None,
    ) -> None:
        """Leave word where the suite is reached, for the other commands."""
        address = Address(
            http=http,
            grpc=grpc,
            log=log,
            organisation=str(organisation.absolute()),
            calendar_years=calendar_years,
            pid=os.getpid(),
            services=dict(services or {}),
            kafka=kafka,
        )
        (self.folder / ADDRESS).write_text(json.dumps(asdict(address)), "utf-8")

    def address(self) -> Address:
        """Return where the suite on this folder is reached. Raises `StateError`."""
        try:
            address = Address(**json.loads((self.folder / ADDRESS).read_text("utf-8")))
            if _alive(address.pid):
                return address
        except PermissionError as error:
            raise StateError(
                f"cannot read {self.folder}: ask its owner, or run this as the user "
                "who started the suite"
            ) from error
        except (OSError, ValueError, TypeError):
            pass  # Nobody left word, or not in words of ours: nothing runs there.
        raise StateError(
            f"no suite is running on {self.folder}: start one with `make run` "
            "or `shuniu demo`, or name its folder with --state FOLDER"
        )

    def _clear(self) -> None:
        for entry in self.folder.iterdir():
            if entry.name == "lock":
                continue
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False  # It was killed, and could not take its word back.
    except PermissionError:
        return True
    return True


def running(folder: Path | None) -> State:
    """Return the state of the suite that runs on *folder*, or on one of the usual ones.

    Raises `StateError`.
    """
    if folder is not None:
        return State(folder)
    found = []
    for usual in map(State, (DEFAULT, OWN)):
        with contextlib.suppress(StateError):
            usual.address()
            found.append(usual)
    if len(found) > 1:
        raise StateError(
            f"two suites are running, on {DEFAULT} and on {OWN}: name one with --state FOLDER"
        )
    return found[0] if found else State(DEFAULT)
