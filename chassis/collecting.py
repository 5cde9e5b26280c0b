"""Python's garbage collection in a process that runs for weeks."""

import gc

THRESHOLDS = (10_000, 20, 50)


def settle() -> None:
    """Leave what is there now out of every collection, and collect less often.

    To be called once, when a process has started: classes, schemas and compiled patterns
    stay for its life, and looking at them again took a fifth of the time a relay needs for
    an event. What is freed by counting references, nearly everything, waits for no collection.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
