"""Asks Linux to refuse this process, and whatever it becomes, what it has no use for, by seccomp(2).

A child of ours keeps a short list of calls and loses the rest; a program loses sockets, signals and every change.
"""

from __future__ import annotations

import ctypes
import platform
import signal
import struct
import sys

from styrhjul.confined.calls import CALLS, Calls

_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_NO_NEW_PRIVILEGES = 38
_SET_SECCOMP = 22
_FILTER_MODE = 2
_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_IF_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_IF_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K
_ALLOWED = 0x7FFF0000
_REFUSED = 0x00050000 | 1  # SECCOMP_RET_ERRNO, EPERM
_NUMBER_AT, _MACHINE_AT, _WHOSE_AT, _WHICH_AT = 0, 4, 16, 24  # in struct seccomp_data
#: Calls of the x32 way in, which has numbers of its own.
_OTHER_WAY_IN = 0x40000000
_OWN, _CPU_SECONDS = 0, 0  # prlimit64's first and second argument

_Step = tuple[int, int, int, int]


def end_with_parent() -> None:
    """Let Linux end this process when the thread that started it ends, however that comes about."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL, 0, 0, 0)


def give_up_calls(*, may_start_programs: bool) -> bool:
    """Refuse what is not wanted, with EPERM, from now on. False where that cannot be had."""
    calls = CALLS.get(platform.machine())
    if sys.platform != "linux" or calls is None:
        return False
    steps = _steps_of_a_program(calls) if may_start_programs else _steps_of_a_child(calls)
    packed = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("HP", len(steps), ctypes.addressof(packed))
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
    promised = bool(prctl(_NO_NEW_PRIVILEGES, 1, None, 0, 0) == 0)
    return promised and bool(prctl(_SET_SECCOMP, _FILTER_MODE, program, 0, 0) == 0)


def _steps_of_a_child(calls: Calls) -> list[_Step]:
    """Return what allows the harmless calls and no other; of limits a child sets its own seconds alone."""
    left = len(calls.harmless)
    own_seconds = [
        (_JUMP_IF_EQUAL, 0, 4, calls.prlimit64),
        (_LOAD, 0, 0, _WHOSE_AT),
        (_JUMP_IF_EQUAL, 0, 2, _OWN),
        (_LOAD, 0, 0, _WHICH_AT),
        (_JUMP_IF_EQUAL, 1, 0, _CPU_SECONDS),
        (_RETURN, 0, 0, _REFUSED),
        (_RETURN, 0, 0, _ALLOWED),
    ]
    to_allowed = left + len(own_seconds) - 2
    known = [(_JUMP_IF_EQUAL, to_allowed - at, 0, number) for at, number in enumerate(calls.harmless)]
    return [*_right_way_in(calls), *known, *own_seconds]


def _steps_of_a_program(calls: Calls) -> list[_Step]:
    """Return what refuses the deeds and allows the rest, but no limit of another process."""
    own_limits = [
        (_JUMP_IF_EQUAL, 0, 2, calls.prlimit64),
        (_LOAD, 0, 0, _WHOSE_AT),
        (_JUMP_IF_EQUAL, 0, 1, _OWN),
        (_RETURN, 0, 0, _ALLOWED),
        (_RETURN, 0, 0, _REFUSED),
    ]
    to_refused = len(calls.deeds) + len(own_limits) - 2
    known = [(_JUMP_IF_EQUAL, to_refused - at, 0, number) for at, number in enumerate(calls.deeds)]
    return [*_right_way_in(calls), *known, *own_limits]


def _right_way_in(calls: Calls) -> list[_Step]:
    """Return what refuses the calls of another machine or another way in, and goes on with the call's number."""
    return [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_JUMP_IF_EQUAL, 1, 0, calls.machine),
        (_RETURN, 0, 0, _REFUSED),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_IF_AT_LEAST, 0, 1, _OTHER_WAY_IN),
        (_RETURN, 0, 0, _REFUSED),
    ]
