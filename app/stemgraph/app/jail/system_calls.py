"""Numbers of the system calls that a worker may make, by machine (unistd.h of the kernel)."""

from __future__ import annotations

from typing import Final

_FREE: Final = """
# reading, and writing to what is open
read                    0   63
write                   1   64
readv                  19   65
writev                 20   66
pread64                17   67
preadv                295   69
preadv2               327  286
lseek                   8   62
close                   3   57
close_range           436  436
dup                    32   23
dup2                   33    -
dup3                  292   24
pipe                   22    -
pipe2                 293   59
eventfd2              290   19
poll                    7    -
ppoll                 271   73
select                 23    -
pselect6              270   72
epoll_create1         291   20
epoll_ctl             233   21
epoll_wait            232    -
epoll_pwait           281   22
flock                  73   32
fsync                  74   82
fdatasync              75   83
fadvise64             221  223
readahead             187  213
stat                    4    -
lstat                   6    -
fstat                   5   80
newfstatat            262   79
statx                 332  291
statfs                137   43
fstatfs               138   44
access                 21    -
faccessat             269   48
faccessat2            439  439
readlink               89    -
readlinkat            267   78
getdents               78    -
getdents64            217   61
getcwd                 79   17
# memory
brk                    12  214
munmap                 11  215
mremap                 25  216
madvise                28  233
mincore                27  232
msync                  26  227
# threads of its own
futex                 202   98
set_robust_list       273   99
get_robust_list       274  100
set_tid_address       218   96
rseq                  334  293
membarrier            324  283
sched_yield            24  124
sched_getaffinity     204  123
sched_getscheduler    145  120
getcpu                309  168
exit                   60   93
exit_group            231   94
restart_syscall       219  128
# signals to itself
rt_sigaction           13  134
rt_sigprocmask         14  135
rt_sigreturn           15  139
sigaltstack           131  132
# time, chance, and what is known of itself
clock_gettime         228  113
clock_getres          229  114
clock_nanosleep       230  115
nanosleep              35  101
gettimeofday           96  169
time                  201    -
getrandom             318  278
getpid                 39  172
getppid               110  173
gettid                186  178
getuid                102  174
geteuid               107  175
getgid                104  176
getegid               108  177
uname                  63  160
sysinfo                99  179
times                 100  153
getrusage              98  165
getrlimit              97  163
getpriority           140  141
"""
_BY_ARGUMENTS: Final = """
open                    2    -
mmap                    9  222
mprotect               10  226
ioctl                  16   29
clone                  56  220
fcntl                  72   25
prctl                 157  167
tgkill                234  131
openat                257   56
prlimit64             302  261
seccomp               317  277
clone3                435  435
"""


def _read(table: str, column: int) -> dict[str, int]:
    rows = (line.split() for line in table.splitlines() if line and not line.startswith("#"))
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


X86_64: Final = _read(_FREE + _BY_ARGUMENTS, 1)
AARCH64: Final = _read(_FREE + _BY_ARGUMENTS, 2)
FREE: Final = tuple(_read(_FREE, 1) | _read(_FREE, 2))
"""Calls that are allowed whatever their arguments; the others are looked at."""
