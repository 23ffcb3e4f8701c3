"""The figures that alarms and plots stand on: shown once, or served to Prometheus on a port of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from styrhjul.cli.context import AsJson, CommandFailed, open_installation, print_json

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


def metrics(
    as_json: AsJson = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="Lämna ut dem till Prometheus på STYRHJUL_METRICS_PORT.")
    ] = False,
) -> None:
    """Show the figures as they stand, or serve them until told to stop."""
    import math

    from prometheus_client import CollectorRegistry, generate_latest

    from styrhjul.services.operations.figures import Figures

    here = open_installation()
    registry = CollectorRegistry()
    registry.register(Figures(here))
    if serve:
        _serve(registry, here.settings.metrics_port, here.settings.metrics_host)
    elif as_json:
        print_json(
            [
                {
                    "name": sample.name,
                    "labels": sample.labels,
                    "value": sample.value if math.isfinite(sample.value) else None,
                }
                for family in registry.collect()
                for sample in family.samples
            ]
        )
    else:
        print(generate_latest(registry).decode(), end="")
    here.close()


def _serve(registry: CollectorRegistry, port: int, host: str) -> None:
    """Answer on the port, in threads of its own, until told to stop."""
    import signal
    import threading

    from prometheus_client import start_http_server

    if not port:
        raise CommandFailed("Ange porten i STYRHJUL_METRICS_PORT.")
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    try:
        server, _ = start_http_server(port, addr=host, registry=registry)
    except OSError as refused:
        raise CommandFailed(f"Port {port} på {host} är upptagen eller inte tillåten.") from refused
    told.wait()
    server.shutdown()
