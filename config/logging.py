"""The log: one JSON object a line on stderr, for our own lines and for those of Celery, uvicorn and Alembic.

Secrets never reach it: tokens of links and passwords in URLs are replaced by a mark.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
import structlog.tracebacks

MARK = "…"
_SECRETS = (
    (re.compile(r"(/(?:a|calendar)/)[A-Za-z0-9_~.=-]+"), rf"\1{MARK}"),  # the token of an answer link or a calendar
    (re.compile(r"styrhjul_[0-9a-f]{32}_[A-Za-z0-9_-]+"), f"styrhjul_{MARK}"),  # a key to the API
    (re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"), MARK),  # the same on a mangled link
    (re.compile(r"whsec_[A-Za-z0-9+/=_-]+"), f"whsec_{MARK}"),  # what webhooks are signed with
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+(@)"), rf"\1{MARK}\2"),  # a password in a URL
)
#: Where it happened, without the values of variables: they may be anybody's answer or token.
TRACEBACK = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
_QUIET = ("celery.app.trace", "celery.beat", "celery.worker.strategy", "kombu", "alembic", "redis")


def mask_secrets(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace every secret in the texts of a line, however deep they lie."""
    del logger, method
    return {name: masked(value) for name, value in event.items()}


def masked(value: Any) -> Any:  # noqa: ANN401 - whatever a line may carry
    """Return the value with the secrets in its texts replaced by a mark."""
    if isinstance(value, str):
        for pattern, replacement in _SECRETS:
            value = pattern.sub(replacement, value)
        return value
    if isinstance(value, dict):
        return {name: masked(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(inner) for inner in value]
    return value


def configure_logging(level: str = "INFO") -> None:
    """Send every line of this process to stderr as JSON. Safe to repeat."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    ending: list[structlog.typing.Processor] = [
        structlog.processors.ExceptionRenderer(TRACEBACK),
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        mask_secrets,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=ending))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
