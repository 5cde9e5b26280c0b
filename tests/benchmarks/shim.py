"""A slower disk: `fsync` and `fdatasync` that take longer, preloaded into PostgreSQL."""

import shutil
import subprocess
from pathlib import Path

SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void wait_a_little(void) {
    struct timespec left = {DELAY_US / 1000000, (DELAY_US % 1000000) * 1000L};
    while (nanosleep(&left, &left) != 0) {}
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_a_little();
    return real(fd);
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_a_little();
    return real(fd);
}
"""


class NoShimError(Exception):
    """There can be no slower disk here; the message says why."""


def build(folder: Path, delay_ms: float) -> Path:
    """Compile the shim into *folder* and return it. Raises `NoShimError`."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise NoShimError("no C compiler: install gcc")
    source, library = folder / "slow_fsync.c", folder / "slow_fsync.so"
    source.write_text(SOURCE, "utf-8")
    done = subprocess.run(  # noqa: S603 the compiler, with words of ours
        [
            *(compiler, "-shared", "-fPIC", "-O2", f"-DDELAY_US={round(delay_ms * 1000)}L"),
            *("-o", str(library), str(source), "-ldl"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise NoShimError(f"the shim does not compile: {done.stderr[-300:]}")
    library.chmod(0o755)
    return library


def is_loaded(pid: int, library: Path) -> bool:
    """Say whether process *pid* runs with the shim."""
    try:
        return library.name in Path(f"/proc/{pid}/maps").read_text("utf-8")
    except OSError:
        return False
