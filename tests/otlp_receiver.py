"""A collector of traces: a real HTTP server on the loopback that reads what OTLP brings it and keeps every byte."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True, kw_only=True)
class SeenSpan:
    """One span as it came; ids in hex, `parent` empty for a first one, `links` as (trace, span)."""

    name: str
    trace: str
    span: str
    parent: str
    links: frozenset[tuple[str, str]]
    said: dict[str, Any]
    failed: bool
    events: int
    began_ns: int
    ended_ns: int

    @property
    def place(self) -> tuple[str, str]:
        return self.trace, self.span


@dataclass
class Collector:
    """While `answers` is cleared it takes a request and says nothing."""

    port: int = 0
    bodies: list[bytes] = field(default_factory=list)
    answers: threading.Event = field(default_factory=threading.Event)
    #: Set with each request that has come.
    asked: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def spans(self) -> list[SeenSpan]:
        """Every span, as the requests brought them."""
        return [span for body in self.bodies for span in _read(body)]

    def named(self, name: str) -> list[SeenSpan]:
        return [span for span in self.spans if span.name == name]


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()
    collector.answers.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.asked.set()
            collector.answers.wait(30)
            if self.path == "/v1/traces":
                collector.bodies.append(body)
            self.send_response(200 if self.path == "/v1/traces" else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, name="collector", daemon=True)
    thread.start()
    yield collector
    collector.answers.set()
    server.shutdown()
    server.server_close()
    thread.join(10)


def _read(body: bytes) -> Iterator[SeenSpan]:
    request = ExportTraceServiceRequest.FromString(body)
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield SeenSpan(
                    name=span.name,
                    trace=span.trace_id.hex(),
                    span=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    links=frozenset((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
                    said={each.key: _value(each.value) for each in span.attributes},
                    failed=span.status.code == span.status.STATUS_CODE_ERROR,
                    events=len(span.events),
                    began_ns=span.start_time_unix_nano,
                    ended_ns=span.end_time_unix_nano,
                )


def _value(value: Any) -> Any:  # noqa: ANN401 - whatever protobuf holds
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(each) for each in value.array_value.values]
    return getattr(value, kind)
