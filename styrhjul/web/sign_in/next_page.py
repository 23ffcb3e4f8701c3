"""Where to go after signing in: a page of ours that was asked for, and nothing else."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

_LONGEST = 500
_NOT_AFTER = ("/sign-in", "/sign-out")


def safe_next(wanted: str) -> str:
    """Return the path if it is one within this site; else the start page. Safe to repeat.

    Looked at as written and as a browser may read it: decoded, with backslashes as slashes.
    """
    if not wanted or len(wanted) > _LONGEST:
        return "/"
    for read in (wanted, unquote(wanted), unquote(unquote(wanted))):
        if not _is_ours(read):
            return "/"
    return "/" if wanted.startswith(_NOT_AFTER) else wanted


def with_next(path: str, wanted: str) -> str:
    """Return the path with where to go afterwards, unless that is the start page anyway."""
    kept = safe_next(wanted)
    return path if kept == "/" else f"{path}?next={quote(kept, safe='/')}"


def _is_ours(path: str) -> bool:
    if not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return False
    try:
        parts = urlsplit(path)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
