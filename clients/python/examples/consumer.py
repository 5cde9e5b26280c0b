"""Takes a department's alerts into a system of its own. Copy it; change `handle`."""

import asyncio
import os
import sys

from shuniu_client import Alert, AlertClient, FilePlace, Gap


async def handle(alert: Alert) -> None:
    """Do what is to be done about *alert*; twice must be as good as once."""
    sys.stdout.write(f"{alert.alert_id} {alert.entity.number} {alert.title_zh}\n")


async def main() -> None:
    """Take alerts until the process ends; the next run goes on from there."""
    client = AlertClient(
        os.environ.get("SHUNIU_GRPC", "127.0.0.1:9000"),
        token=lambda: os.environ["SHUNIU_TOKEN"],
        device_id="water-archive-1",
        place=FilePlace("alerts.json"),
    )
    async with client as alerts:
        async for item in alerts:
            if isinstance(item, Gap):
                sys.stderr.write(f"缺口 gap: {item.first}-{item.last}\n")
                async for alert in item.kept():
                    await handle(alert)
            else:
                await handle(item.alert)
            await item.done()


if __name__ == "__main__":
    asyncio.run(main())
