"""The settings of the service: read once from ``STEMGRAPH_…`` environment variables."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from stemgraph.graph.errors import BadRequestError

KIBIBYTE = 1024
MEBIBYTE = 1024 * 1024


def read_settings() -> Settings:
    """The settings that the environment gives.

    Raises:
        BadRequestError: A variable is outside its range; ``place`` is its name.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = "STEMGRAPH_" + str(first["loc"][0]).upper()
        mend = "see the page about settings, or unset it"
        raise BadRequestError(f"'{first['input']}': {first['msg']}", place=name, mend=mend) from error


def _words(given: object) -> object:
    """The words of a list that is separated by commas."""
    return (
        tuple(each.strip() for each in given.split(",") if each.strip()) if isinstance(given, str) else given
    )


def _networks(given: tuple[str, ...]) -> tuple[str, ...]:
    """The same, where each is an address or a network."""
    for each in given:
        ip_network(each, strict=False)
    return given


class Settings(BaseSettings):
    """Everything about the service that can be set; each field names its environment variable's suffix."""

    model_config = SettingsConfigDict(env_prefix="STEMGRAPH_", frozen=True, extra="forbid")

    data: Annotated[
        Path | None,
        Field(description="Data directory to serve. Unset: the graph that ships with stemgraph."),
    ] = None
    release: Annotated[
        Path | None,
        Field(description="One compiled release directory to serve read-only, instead of a data directory."),
    ] = None
    follow_seconds: Annotated[
        float,
        Field(
            ge=0,
            le=3600,
            description="Seconds between two looks whether another release or edition has become current in "
            "the data directory, which is then served; 0 never looks. Where writes are on, the writer tells.",
        ),
    ] = 0.5
    host: Annotated[
        str, Field(description="Address to listen on; the default answers this machine only.")
    ] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8000
    workers: Annotated[int, Field(ge=1, le=64, description="Number of web server processes.")] = 1
    cors: Annotated[
        bool,
        Field(description="Let web pages of any origin read the service; credentials are never allowed."),
    ] = True
    hosts: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(_words),
        Field(
            description="Names by which the service is called, beside this machine's own; separated by "
            "commas. A request with another Host is refused. `*` takes any."
        ),
    ] = ()
    origins: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(_words),
        Field(
            description="Origins whose pages may do more than GET, such as `https://kg.example.org`; "
            "separated by commas. `*` stands for all."
        ),
    ] = ()
    proxies: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(_words),
        AfterValidator(_networks),
        Field(
            description="Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto "
            "are believed; separated by commas."
        ),
    ] = ()
    jwt_keys: Annotated[
        str | None,
        Field(
            description="Key set (JWKS) of the issuer whose tokens are taken beside keys: a file, or an "
            "https address. Needs `stemgraph[jwt]`."
        ),
    ] = None
    jwt_issuer: Annotated[str | None, Field(description="What `iss` of a token must be.")] = None
    jwt_audience: Annotated[str | None, Field(description="What `aud` of a token must be, or hold.")] = None
    jwt_claim: Annotated[
        str,
        Field(description="The claim whose words mean scopes; dots go into objects: `realm_access.roles`."),
    ] = "scope"
    jwt_scopes: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(_words),
        Field(
            description="The scope that each word means: `curators=write,operators=admin`. Unset: the "
            "scopes' own names."
        ),
    ] = ()
    requests_per_minute: Annotated[
        int | None,
        Field(
            ge=1,
            description="What one client may ask in a minute of each process; an answer that is kept costs "
            "a tenth. Unset: 6000, and no limit for clients on this machine.",
        ),
    ] = None
    log_format: Annotated[
        Literal["console", "json"],
        Field(description="Form of the log lines on standard error: for a person, or one JSON object each."),
    ] = "console"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="Least level of what is logged.")
    ] = "warning"
    access_log: Annotated[bool, Field(description="Log each request: one line when it is answered.")] = False
    slow_seconds: Annotated[
        float,
        Field(ge=0, description="Log requests that take at least so long, with their query; 0 logs none."),
    ] = 1.0
    metrics: Annotated[
        bool,
        Field(description="Answer `GET /metrics`, in the form of Prometheus, to whoever reaches the port."),
    ] = True
    metrics_directory: Annotated[
        Path | None,
        Field(
            description="Directory in which several processes of one service tell each other their figures; "
            "`stemgraph serve --workers 2` makes one of its own."
        ),
    ] = None
    cache_bytes: Annotated[
        int,
        Field(ge=0, description="Most bytes of finished responses each process keeps; 0 keeps none."),
    ] = 32 * MEBIBYTE
    writes: Annotated[
        bool,
        Field(description="Take writes, each with a key that `stemgraph key create` makes. Off: read-only."),
    ] = False
    updates: Annotated[
        bool, Field(description="Take SPARQL Update and graph-store writes too; needs `writes`.")
    ] = False
    open_releases: Annotated[
        int,
        Field(ge=1, le=64, description="Releases beside the current one that each process has open at once."),
    ] = 4
    request_bytes: Annotated[
        int, Field(ge=1024, description="Longest request body that is read, in bytes.")
    ] = MEBIBYTE
    head_bytes: Annotated[
        int,
        Field(
            ge=4096,
            description="Longest request line and headers together, in bytes; the line may take half of it.",
        ),
    ] = 32 * KIBIBYTE
    head_seconds: Annotated[
        float, Field(gt=0, description="Longest time until the headers of a request have arrived.")
    ] = 10.0
    body_seconds: Annotated[
        float, Field(gt=0, description="Longest time from then until its body has arrived.")
    ] = 30.0
    connections: Annotated[
        int,
        Field(
            ge=8, description="Open connections of each process; the longest idle one makes room for more."
        ),
    ] = 1000
    connections_per_client: Annotated[
        int, Field(ge=4, description="Of these, those of one client address.")
    ] = 250
    prepare_texts: Annotated[
        bool,
        Field(
            description="Index all names right after the start, so that the first text is read without delay."
        ),
    ] = False
    slow_threads: Annotated[
        int,
        Field(ge=1, le=64, description="Searches, paths and pictures that run at once in each process."),
    ] = 4
    export_threads: Annotated[
        int, Field(ge=1, le=16, description="Exports that run at once in each process; more wait.")
    ] = 2
    export_stall_seconds: Annotated[
        float,
        Field(gt=0, description="An export whose reader takes nothing for this long is ended."),
    ] = 30.0
    sparql_workers: Annotated[
        int, Field(ge=1, le=64, description="SPARQL queries that run at once, each in its own process.")
    ] = 2
    sparql_seconds: Annotated[
        float,
        Field(gt=0, le=3600, description="Longest time of a SPARQL query: waiting, running and output."),
    ] = 10.0
    sparql_result_bytes: Annotated[
        int, Field(ge=1024, description="Longest result of a SPARQL query, in bytes.")
    ] = 32 * MEBIBYTE
    sparql_memory_bytes: Annotated[
        int,
        Field(ge=64 * MEBIBYTE, description="Most memory that a SPARQL worker process may take, in bytes."),
    ] = 1024 * MEBIBYTE
    sparql_in_memory_bytes: Annotated[
        int,
        Field(
            ge=0,
            description="Most memory of the copy of the graph from which SPARQL workers answer, in bytes, by "
            "an estimate of 600 for each quad; a larger graph is answered from disk. Each web process has a "
            "copy of its own. 0 makes none.",
        ),
    ] = 512 * MEBIBYTE
    jail_memory_bytes: Annotated[
        int,
        Field(
            ge=256 * MEBIBYTE, description="Most memory of all workers; over it the largest query is ended."
        ),
    ] = 2048 * MEBIBYTE
    client_requests: Annotated[
        int,
        Field(
            ge=1,
            description="SPARQL queries and texts of one client that wait or run at once.",
        ),
    ] = 64
    client_seconds: Annotated[
        float,
        Field(
            gt=0,
            description="Seconds of long SPARQL queries that one client may have at a stretch, then 429; one "
            "comes back each second.",
        ),
    ] = 120.0
