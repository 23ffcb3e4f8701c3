"""Reads one mail from stdin and writes what it is to stdout, with as little as possible within reach.

Started by limited.py as a program of its own. Once everything is loaded it takes from itself the right to open files
and sockets, to write files, and to use more than its share of time and memory.
"""

from __future__ import annotations

import codecs
import sys

from styrhjul.confined.limits import Limits, confine
from styrhjul.mail.inbound.classify import READ_AT_MOST, classify

LIMITS = Limits(cpu_seconds=20, memory_bytes=1024 * 1024 * 1024)
#: What charsets of mails are called in practice; another is read as UTF-8 or as Windows does.
_CHARSETS = (
    *("ascii", "utf-8", "utf-8-sig", "utf-7", "utf-16", "iso8859-1", "iso8859-2", "iso8859-4", "iso8859-9"),
    *("iso8859-10", "iso8859-13", "iso8859-15", "cp1250", "cp1251", "cp1252", "cp1257", "cp437", "cp850", "cp865"),
    *("mac-roman", "koi8-r", "gb18030", "big5", "shift_jis", "iso2022_jp", "euc_kr", "idna", "unicode_escape"),
)
#: Takes every way through the library once, so that nothing is left to load.
_WARM_UP = (
    b"Return-Path: <>\r\nFrom: =?utf-8?b?w6U=?= <mailer-daemon@example.org>\r\nSubject: =?iso-8859-1?q?=E5?=\r\n"
    b"Content-Type: multipart/report; boundary=b; report-type=delivery-status\r\n\r\n--b\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\nx=E5\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    b"Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; a@example.org\r\n\r\n--b\r\n"
    b"Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"TWVzc2FnZS1JRDogPGFAYj4=\r\n--b--\r\n"
)


def main() -> None:
    """Read, classify, write. Whatever goes wrong ends the process; the parent calls that unreadable."""
    for name in _CHARSETS:
        codecs.lookup(name)
    classify(_WARM_UP)
    classify(_WARM_UP.replace(b"multipart/report", b"multipart/mixed").replace(b"delivery-status", b"x"))
    confine(LIMITS)
    sys.stdout.write(classify(sys.stdin.buffer.read(READ_AT_MOST)).as_json())
    sys.stdout.flush()


if __name__ == "__main__":
    main()
