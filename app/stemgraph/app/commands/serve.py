"""``stemgraph serve``: the service, until it is told to end."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stemgraph.app.commands.console import say
from stemgraph.app.commands.data_directory import DataOption, ReleaseOption, graph_directory
from stemgraph.graph.errors import BadRequestError

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from stemgraph.app.settings import Settings

# The web framework is imported once the port and the graph are known to be good.
# ruff: noqa: PLC0415


def serve(  # noqa: PLR0917  # typer reads the options of a command from its parameters
    host: Annotated[
        str,
        typer.Option(envvar="STEMGRAPH_HOST", help="Address to listen on; the default is this machine only."),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, envvar="STEMGRAPH_PORT", help="Port; 0 takes a free one.")
    ] = 8000,
    data: DataOption = None,
    release: ReleaseOption = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, envvar="STEMGRAPH_WORKERS", help="Number of web server processes.")
    ] = 1,
    writable: Annotated[
        bool,
        typer.Option(
            "--writable", envvar="STEMGRAPH_WRITES", help="Take writes, each with a key; without, read-only."
        ),
    ] = False,
    access_log: Annotated[
        bool,
        typer.Option("--access-log", envvar="STEMGRAPH_ACCESS_LOG", help="Log each request, one line."),
    ] = False,
) -> None:
    """Serve the graph over REST and SPARQL.

    An empty data directory is filled with the graph that ships with stemgraph.

    * `stemgraph serve` serves it at http://127.0.0.1:8000
    * `stemgraph serve --port 9000 --data ./my-data` serves your own directory
    * `stemgraph serve --data ./my-data --writable` takes writes too
    * `stemgraph serve --release ./my-data/releases/0123456789abcdef` serves one release, read only
    """
    from stemgraph.app.settings import read_settings
    from stemgraph.app.telemetry.lines import configure_logging

    with bind(host, port) as listening:
        if access_log:
            os.environ["STEMGRAPH_ACCESS_LOG"] = "true"
        settings = read_settings()
        configure_logging(settings.log_format, settings.log_level)
        directory = graph_directory(data, release, meanwhile=_import_service)
        _check(directory, writable=writable)
        settings = settings.model_copy(
            update={
                "host": host,
                "port": port,
                "data": None if release else directory,
                "release": directory if release else None,
                "writes": writable,
            }
        )
        # Where to look is read from the environment by every process that serves.
        os.environ.pop("STEMGRAPH_RELEASE", None)
        os.environ["STEMGRAPH_DATA"] = str(directory)
        os.environ["STEMGRAPH_WRITES"] = str(writable)
        os.environ["STEMGRAPH_HOST"] = host
        if workers == 1:
            _serve_here(listening, settings)
        else:
            _serve_in_processes(listening, workers, settings)


def bind(host: str, port: int) -> socket.socket:
    """A socket at the address, so that a port in use is told before anything else is done.

    Raises:
        BadRequestError: The address cannot be had.
    """
    place = f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise BadRequestError(
            f"'{host}' is no address of this machine", place="--host", mend="use 127.0.0.1 or 0.0.0.0"
        ) from error
    listening = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise BadRequestError(
            f"cannot listen there: {(error.strerror or str(error)).lower()}",
            place=place,
            mend="choose another port with --port, or --port 0 for a free one",
        ) from error
    listening.set_inheritable(True)
    return listening


def _import_service() -> None:
    """Import what serves, while another process fills the data directory: it takes half a second."""
    for name in ("uvicorn", "stemgraph.app.application"):
        import_module(name)


def _check(directory: Path, *, writable: bool) -> None:
    """Open what will be served, and read all of it once: what is damaged is told here, in one line."""
    from stemgraph.graph import KnowledgeGraph

    with KnowledgeGraph.open(directory) as graph:
        graph.store.graphs()
        graph.directory.verify()
    if writable:
        from stemgraph.graph.journal import NAME, Journal

        for _ in Journal(directory / NAME).entries(graph.release.sequence):
            pass


def _serve_here(listening: socket.socket, settings: Settings) -> None:
    from stemgraph.app.application import create_app
    from stemgraph.app.edge import EdgeConfig, EdgeLimits, EdgeServer

    with listening:
        app = create_app(settings)
        config = EdgeConfig(app, EdgeLimits.from_settings(settings), **_options(settings))
        server = EdgeServer(config, lambda: announce(url_of(listening)))
        with suppress(KeyboardInterrupt):  # the server has ended in good order, and passes on why
            server.run(sockets=[listening])
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the impatient press again; the rest takes no time
    if not server.started:
        raise typer.Exit(1)


def _serve_in_processes(listening: socket.socket, workers: int, settings: Settings) -> None:
    from tempfile import TemporaryDirectory
    from threading import Thread

    from stemgraph.app.edge import EdgeConfig, EdgeLimits, ServerProcesses

    Thread(target=_announce_when_ready, args=(url_of(listening),), daemon=True).start()
    factory = f"{create_worker_app.__module__}:{create_worker_app.__name__}"
    limits = EdgeLimits.from_settings(settings)
    with TemporaryDirectory(prefix="stemgraph-") as directory:
        os.environ.setdefault("STEMGRAPH_METRICS_DIRECTORY", directory)
        processes = ServerProcesses(
            EdgeConfig(factory, limits, factory=True, workers=workers, **_options(settings)), listening
        )
        processes.run()
    if processes.failed:
        raise typer.Exit(1)


def _options(settings: Settings) -> dict[str, Any]:
    """What uvicorn is told of its log: requests are noted by the service, and all lines have its form."""
    return {"access_log": False, "log_config": None, "log_level": settings.log_level}


def create_worker_app() -> FastAPI:
    """The service that the environment describes, for one process."""
    from stemgraph.app.application import create_app
    from stemgraph.app.settings import read_settings
    from stemgraph.app.telemetry.lines import configure_logging

    settings = read_settings()
    configure_logging(settings.log_format, settings.log_level)
    return create_app(settings)


def _announce_when_ready(url: str) -> None:
    import time
    from urllib.request import urlopen

    while True:
        try:
            with urlopen(f"{url}/readyz", timeout=1) as answer:  # noqa: S310  # our own address
                if answer.status == 200:
                    break
        except OSError:
            time.sleep(0.1)
    announce(url)


def url_of(listening: socket.socket) -> str:
    """The address at which a browser on this machine reaches the socket."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  # what was asked for
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def announce(url: str) -> None:
    """Say where the service is and what to try."""
    say(f"stemgraph is ready at {url}   (Ctrl-C ends it)")
    say(f"  {url}/docs                             try every route")
    say(f"  {url}/api/v1/search?q=sclerosis        find something")
    say(f"  {url}/api/v1/entity/MONDO:0005301/associations")
    say(f"  {url}/sparql                           SPARQL 1.1")
    say("Not medical advice.")
