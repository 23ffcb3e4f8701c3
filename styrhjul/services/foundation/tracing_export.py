"""Spans on their way to a collector (OpenTelemetry, OTLP over HTTP). Loaded only where one is named."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from threading import Lock, Thread

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, Status, StatusCode, TraceFlags, set_span_in_context

from styrhjul.services.foundation.tracing import Place, Span

#: At most so many spans wait; at about 2 KB each, what that takes is bounded too.
MOST_WAITING = 8192
_BATCH = 512
_EVERY_MILLISECONDS = 2000
_PATIENCE_SECONDS = 5
#: How long a process that ends waits for its last spans.
_LAST_SECONDS = 1


class ToCollector:
    """Passes spans on from a thread of its own, some at a time. Whoever gives one never waits."""

    def __init__(self, endpoint: str, *, most_waiting: int = MOST_WAITING) -> None:
        # The figure tells of what is lost; a line for each try would fill the log while a collector is away.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        self._ids = _GivenIds()
        self._counting = _Counting(OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=_PATIENCE_SECONDS), most_waiting)
        self._processor = BatchSpanProcessor(
            self._counting, most_waiting, _EVERY_MILLISECONDS, min(_BATCH, most_waiting), _PATIENCE_SECONDS * 1000
        )
        provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=Resource({"service.name": "styrhjul"}),
            shutdown_on_exit=False,
            id_generator=self._ids,
        )
        provider.add_span_processor(self._processor)
        self._tracer = provider.get_tracer("styrhjul")

    def take(self, span: Span) -> None:
        """Take a span; it is lost, and counted, when too many wait already."""
        if not self._counting.has_room():
            return
        self._ids.following = span.place
        # An empty context: whatever else in this process is traced is none of ours.
        within = set_span_in_context(NonRecordingSpan(_context(span.parent)), Context()) if span.parent else Context()
        noted = self._tracer.start_span(
            span.name,
            context=within,
            attributes={f"styrhjul.{name}": value for name, value in span.said.items()},
            links=[Link(_context(each)) for each in span.links],
            start_time=span.began_ns,
            record_exception=False,
            set_status_on_exception=False,
        )
        if span.error:
            noted.set_attribute("error.type", span.error)
            noted.set_status(Status(StatusCode.ERROR))
        noted.end(span.ended_ns)

    def take_lost(self) -> int:
        """Return how many were lost since the last time this was asked."""
        return self._counting.take_lost()

    def close(self) -> None:
        """Pass on what is left, for a second at most. Safe to repeat."""
        ending = Thread(target=self._processor.shutdown, name="last-spans", daemon=True)
        ending.start()
        ending.join(_LAST_SECONDS)


class _GivenIds(IdGenerator):
    """Gives the ids that were decided beforehand; each thread has its own next one."""

    def __init__(self) -> None:
        self._here = threading.local()

    @property
    def following(self) -> Place:
        """The ids of the next span of this thread."""
        place: Place = self._here.place
        return place

    @following.setter
    def following(self, place: Place) -> None:
        self._here.place = place

    def generate_span_id(self) -> int:
        return self.following.span_id

    def generate_trace_id(self) -> int:
        return self.following.trace_id


class _Counting(SpanExporter):
    """Knows how many spans wait, in the queue or at the collector's door, and how many were lost."""

    def __init__(self, exporter: SpanExporter, most: int) -> None:
        self._exporter, self._most = exporter, most
        self._lock = Lock()
        self._waiting = self._lost = 0

    def has_room(self) -> bool:
        """Reserve room for one; without any, that one is lost."""
        with self._lock:
            has_room = self._waiting < self._most
            self._waiting += has_room
            self._lost += not has_room
            return has_room

    def take_lost(self) -> int:
        with self._lock:
            lost, self._lost = self._lost, 0
            return lost

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        done = SpanExportResult.FAILURE
        try:
            done = self._exporter.export(spans)
        finally:
            with self._lock:
                self._waiting -= len(spans)
                self._lost += 0 if done is SpanExportResult.SUCCESS else len(spans)
        return done

    def shutdown(self) -> None:
        self._exporter.shutdown()


def _context(place: Place) -> SpanContext:
    return SpanContext(place.trace_id, place.span_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
