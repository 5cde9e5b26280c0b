"""What an alert costs the streamer, among more and more subscribers."""

from collections.abc import Sequence

from tests.benchmarks.alert_floor import floor_of
from tests.benchmarks.alert_home import home_on
from tests.benchmarks.alert_processes import child
from tests.benchmarks.curves import FLOOR, OURS, Curve, Growing
from tests.benchmarks.fanning import RATE, WARMING, opened, told
from tests.benchmarks.figures import Run
from tests.benchmarks.lab import Lab, tenfolds

NAME = "grow-subscribers"
FIRST = 10
MICROSECONDS = 1e6


async def measure(lab: Lab) -> Sequence[Curve]:
    """Tell random ones of ten, of a hundred, of a thousand subscribers of one process."""
    curve = Growing()
    for at in tenfolds(FIRST, lab.sizes.subscribers_most):
        people = [f"grow-{n}" for n in range(at)]
        async with (
            home_on(lab, people) as home,
            home.streamer() as (target, pid),
            child("alert_clients", "raw") as clients,
            floor_of(home, people, "raw") as floor,
        ):
            await opened(clients, target, home.named(people), pid)
            await told(home, clients, pid, people, WARMING)
            count = max(lab.sizes.samples, int(RATE * lab.sizes.open_seconds))
            for _ in range(lab.sizes.runs):
                _note(curve, OURS, at, await told(home, clients, pid, people, count))
                whom = [[lab.chance.choice(people)] for _ in range(count)]
                _note(curve, FLOOR, at, await floor.run(RATE, whom))
        lab.say(f"{at} subscribers: told")
    return [curve.curve(NAME, "alerts-by-subscribers")]


def _note(curve: Growing, line: str, at: int, run: Run) -> None:
    curve.add(line, at, run.cpu["streamer"] / run.events * MICROSECONDS)
    curve.count(run.tally)
