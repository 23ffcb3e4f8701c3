"""Asks Linux to refuse this process, and whatever it becomes, every socket: seccomp(2), which needs no rights."""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
from typing import NamedTuple

_NO_NEW_PRIVILEGES = 38
_SET_SECCOMP = 22
_FILTER_MODE = 2
_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_IF_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_IF_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K
_ALLOWED = 0x7FFF0000
_REFUSED = 0x00050000 | 1  # SECCOMP_RET_ERRNO, EPERM
_NUMBER_AT, _MACHINE_AT = 0, 4  # in struct seccomp_data
#: Calls of the x32 way in, which has numbers of its own.
_OTHER_WAY_IN = 0x40000000


class _Calls(NamedTuple):
    """The numbers of a machine's calls, from its syscall table."""

    machine: int
    #: socket, connect, sendto, sendmsg, bind, listen, socketpair, io_uring_setup
    network: tuple[int, ...]
    #: execve, execveat, fork, vfork, clone, clone3, ptrace, process_vm_readv, process_vm_writev
    programs: tuple[int, ...]


_CALLS = {
    "x86_64": _Calls(0xC000003E, (41, 42, 44, 46, 49, 50, 53, 425), (59, 322, 57, 58, 56, 435, 101, 310, 311)),
    "aarch64": _Calls(0xC00000B7, (198, 203, 206, 211, 200, 201, 199, 425), (221, 281, 220, 435, 117, 270, 271)),
}


def give_up_network(*, may_start_programs: bool) -> bool:
    """Refuse every later socket, and the start of any program unless told otherwise. False where that cannot be had."""
    calls = _CALLS.get(platform.machine())
    if sys.platform != "linux" or calls is None:
        return False
    refused = calls.network + (() if may_start_programs else calls.programs)
    steps = _steps(calls.machine, refused)
    packed = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("HP", len(steps), ctypes.addressof(packed))
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
    promised = bool(prctl(_NO_NEW_PRIVILEGES, 1, None, 0, 0) == 0)
    return promised and bool(prctl(_SET_SECCOMP, _FILTER_MODE, program, 0, 0) == 0)


def _steps(machine: int, refused: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """Return the filter: operation, steps to skip if so, steps to skip if not, operand."""
    left = len(refused)
    return [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_JUMP_IF_EQUAL, 0, left + 3, machine),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_IF_AT_LEAST, left + 1, 0, _OTHER_WAY_IN),
        *((_JUMP_IF_EQUAL, left - at, 0, number) for at, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOWED),
        (_RETURN, 0, 0, _REFUSED),
    ]
