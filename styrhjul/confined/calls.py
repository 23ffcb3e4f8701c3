"""The numbers of Linux's calls that the filter in `network` knows by name, from each machine's syscall table."""

from __future__ import annotations

from typing import NamedTuple


class Calls(NamedTuple):
    """What a machine calls its calls. A child of ours may make `harmless` ones alone; a program never `deeds`."""

    machine: int
    #: Limits of any process; the filter looks at whose and which.
    prlimit64: int
    #: read, write, close, fstat, lseek, readv, writev, pread64; memory: mmap, mprotect, munmap, mremap, brk, madvise;
    #: own signals: rt_sigaction, rt_sigprocmask, rt_sigreturn, sigaltstack, restart_syscall; futex, sched_yield,
    #: sched_getaffinity, membarrier; time: clock_gettime, clock_getres, gettimeofday, nanosleep, clock_nanosleep;
    #: getrandom, getrusage, times, uname; getpid, gettid, getuid, geteuid, getgid, getegid; exit, exit_group. On amd64
    #: also time and getrlimit.
    harmless: tuple[int, ...]
    #: socket, connect, sendto, sendmsg, bind, listen, socketpair, io_uring_setup; kill, tkill, tgkill, rt_sigqueueinfo,
    #: rt_tgsigqueueinfo, pidfd_open, pidfd_send_signal, pidfd_getfd; unlinkat, renameat, renameat2, mkdirat, linkat,
    #: symlinkat, mknodat, fchmod, fchmodat, fchmodat2, fchown, fchownat, truncate, ftruncate, utimensat; the six that
    #: set or remove xattr; mount, umount2, move_mount, open_tree, fsopen, fsmount, pivot_root, chroot, unshare, setns;
    #: ptrace, process_vm_readv, process_vm_writev; bpf, perf_event_open, keyctl, add_key, open_by_handle_at. On amd64
    #: also unlink, rename, mkdir, rmdir, link, symlink, mknod, chmod, chown, lchown, utime, utimes, futimesat, creat.
    deeds: tuple[int, ...]


_AMD64 = Calls(
    machine=0xC000003E,
    prlimit64=302,
    harmless=(
        *(0, 1, 3, 5, 8, 19, 20, 17, 9, 10, 11, 25, 12, 28, 13, 14, 15, 131, 219, 202, 24, 204, 324),
        *(228, 229, 96, 35, 230, 318, 98, 100, 63, 39, 186, 102, 107, 104, 108, 60, 231, 201, 97),
    ),
    deeds=(
        *(41, 42, 44, 46, 49, 50, 53, 425, 62, 200, 234, 129, 297, 434, 424, 438),
        *(263, 264, 316, 258, 265, 266, 259, 91, 268, 452, 93, 260, 76, 77, 280),
        *(188, 189, 190, 197, 198, 199, 165, 166, 429, 428, 430, 432, 155, 161, 272, 308),
        *(101, 310, 311, 321, 298, 250, 248, 304),
        *(87, 82, 83, 84, 86, 88, 133, 90, 92, 94, 132, 235, 261, 85),
    ),
)
_ARM64 = Calls(
    machine=0xC00000B7,
    prlimit64=261,
    harmless=(
        *(63, 64, 57, 80, 62, 65, 66, 67, 222, 226, 215, 216, 214, 233, 134, 135, 139, 132, 128, 98, 124, 123, 283),
        *(113, 114, 169, 101, 115, 278, 165, 153, 160, 172, 178, 174, 175, 176, 177, 93, 94),
    ),
    deeds=(
        *(198, 203, 206, 211, 200, 201, 199, 425, 129, 130, 131, 138, 240, 434, 424, 438),
        *(35, 38, 276, 34, 37, 36, 33, 52, 53, 452, 55, 54, 45, 46, 88),
        *(5, 6, 7, 14, 15, 16, 40, 39, 429, 428, 430, 432, 41, 51, 97, 268),
        *(117, 270, 271, 280, 241, 219, 217, 265),
    ),
)
#: By what the system calls the machine.
CALLS = {"x86_64": _AMD64, "aarch64": _ARM64}
