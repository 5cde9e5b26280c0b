/* Moves the wall clock of one process: by as many seconds as the file in SHUNIU_MOVED_CLOCK says.
   The file is mapped, so that the clock jumps at the moment the file is written. What does not
   come from the wall clock, as the time since the machine began, is left alone. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile const int64_t *moved;

__attribute__((constructor)) static void find(void)
{
    const char *path = getenv("SHUNIU_MOVED_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *page = mmap(0, sizeof *moved, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED)
        moved = page;
}

static int64_t seconds(clockid_t clock)
{
    return moved && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) ? *moved : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int failed = syscall(SYS_clock_gettime, clock, now);
    if (!failed)
        now->tv_sec += seconds(clock);
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    int failed = syscall(SYS_gettimeofday, now, zone);
    if (!failed && now)
        now->tv_sec += seconds(CLOCK_REALTIME);
    return failed;
}

time_t time(time_t *told)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (told)
        *told = now.tv_sec;
    return now.tv_sec;
}
