"""Every route of the OpenAPI document with a key of every scope, and hostile hosts and origins."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from benchmarks.figure import Figure
from benchmarks.reliability.service import Service, filled_data, serving

SCOPES: Final = ("read", "write", "update", "admin")
EVIL: Final = "https://evil.example"
SAFE: Final = ("get", "head", "options")
PROBES: Final = ("/healthz", "/readyz")
UPDATE: Final = "application/sparql-update"
VALUES: Final = {
    "id": "MONDO:0005301",
    "curie": "MONDO:0005301",
    "name": "page.css",
    "source": "CL:0000037",
    "target": "MONDO:0005301",
    "graph": "https://w3id.org/stemgraph/graph/permissions",
}
ASSOCIATION: Final = "sga:" + "0" * 24
INSERT: Final = b"INSERT DATA { GRAPH <https://w3id.org/stemgraph/graph/permissions> { <urn:a> <urn:b> 1 } }"


@dataclass(frozen=True)
class Route:
    """One operation of the document, with a request for it."""

    method: str
    path: str
    """The path with its parameters, as it is asked."""
    needs: str
    documented: frozenset[int]
    body: bytes | None
    media_type: str | None

    @property
    def name(self) -> str:
        """How a figure's note calls it."""
        return f"{self.method} {self.path}"

    def headers(self, **more: str) -> dict[str, str]:
        """Its headers, and some more."""
        given = {} if self.media_type is None else {"Content-Type": self.media_type}
        return given | {name.replace("_", "-"): value for name, value in more.items()}


def run(quick: bool) -> Iterator[Figure]:
    """Every route with {no key, read, write, update, admin}: no unauthorised write or undocumented status."""
    with filled_data() as data:
        keys = make_keys(data)
        with serving(data, "--writable", settings={"updates": "true"}) as service:
            yield from measure(service, data, keys)


def make_keys(data: Path) -> dict[str | None, str]:
    """A key of each scope, by its scope; None has none."""
    from stemgraph.app.access.key_file import KeyFile

    made = KeyFile.of_data(data)
    found: dict[str | None, str] = {
        scope: made.create("permissions", frozenset({scope}), None)[1] for scope in SCOPES
    }
    return found


def measure(service: Service, data: Path, keys: Mapping[str | None, str]) -> Iterator[Figure]:
    """Ask everything with every key, the strongest last: what they may write must not hide the others."""
    document = service.request("GET", "/openapi.json").json()
    routes = list(routes_of(document))
    wrong: list[str] = []
    undocumented: list[str] = []
    written: list[str] = []
    asked = allowed = 0
    edits = journal(data)
    for scope in (None, *SCOPES):
        for route in routes:
            headers = route.headers(**authorization(keys, scope))
            status = send(service, route.method, route.path, route.body, headers)
            asked += 1
            told = f"{route.name} with {scope or 'no key'}: {status}"
            may = allows(scope, route.needs)
            if (status in (401, 403)) != (not may) and not is_about_content(route, status):
                wrong.append(told)
            if status not in route.documented:
                undocumented.append(told)
            if journal(data) != edits:
                edits = journal(data)
                allowed += may
                if not may:
                    written.append(told)
    by_update = [update_with(service, keys, scope) for scope in (None, "read", "write")]
    if journal(data) != edits:
        written.append("SPARQL Update")
    refused_updates = sum(status not in (401, 403, 415) for status in by_update)
    undeclared = undeclared_methods(service, document, keys)
    yield Figure("operations in the document", len(routes), "", at_least=30)
    yield Figure("of these, operations that need a key", sum(each.needs != "read" for each in routes), "")
    yield Figure("requests with each key", asked, "")
    yield Figure("writes that the key allowed", allowed, "")
    yield Figure("unauthorised writes", len(written), "", at_most=0, note=note(written))
    yield Figure("answers that the key should not have had", len(wrong), "", at_most=0, note=note(wrong))
    yield Figure(
        "statuses that are not documented", len(undocumented), "", at_most=0, note=note(undocumented)
    )
    yield Figure("SPARQL updates taken without the scope", refused_updates, "", at_most=0)
    yield Figure(
        "methods taken that no route declares", len(undeclared), "", at_most=0, note=note(undeclared)
    )
    yield from hostile(service, routes, keys)
    yield from revoked(service, data, keys, routes)


def authorization(keys: Mapping[str | None, str], scope: str | None) -> dict[str, str]:
    """The header for a key of this scope."""
    return {} if scope is None else {"Authorization": f"Bearer {keys[scope]}"}


def allows(scope: str | None, needs: str) -> bool:
    """Whether a key of this scope may do what needs another."""
    return needs == "read" or (scope is not None and SCOPES.index(scope) >= SCOPES.index(needs))


def is_about_content(route: Route, status: int) -> bool:
    """Whether a refusal may be of what is asked rather than of who asks: a query that is not allowed."""
    return status == 403 and "/sparql" in route.path


def update_with(service: Service, keys: Mapping[str | None, str], scope: str | None) -> int:
    """The status of a SPARQL Update with a key that does not allow it."""
    headers = {"Content-Type": UPDATE, **authorization(keys, scope)}
    return send(service, "POST", "/sparql", INSERT, headers)


def undeclared_methods(
    service: Service, document: Mapping[str, Any], keys: Mapping[str | None, str]
) -> list[str]:
    """Unsafe methods that a path takes though its document does not say so, asked with the strongest key."""
    found = []
    for path, methods in document["paths"].items():
        parameters = next(iter(methods.values())).get("parameters", ())
        place = path_of(path, parameters)
        for method in {"post", "put", "patch", "delete"} - methods.keys():
            status = send(service, method.upper(), place, b"{}", authorization(keys, "admin"))
            if status < 400:
                found.append(f"{method} {place}: {status}")
    return found


def hostile(service: Service, routes: list[Route], keys: Mapping[str | None, str]) -> Iterator[Figure]:
    """Foreign hosts and origins, with the strongest key."""
    hosts: list[str] = []
    origins: list[str] = []
    for route in routes:
        shown = authorization(keys, "admin")
        status = send(
            service, route.method, route.path, route.body, route.headers(Host="evil.example", **shown)
        )
        if status != 421 and route.path not in PROBES:
            hosts.append(f"{route.name}: {status}")
        if route.method.lower() in SAFE:
            continue
        for name, value in (("Origin", EVIL), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site")):
            headers = route.headers(**shown) | {name: value}
            status = send(service, route.method, route.path, route.body, headers)
            if status != 403:
                origins.append(f"{route.name} {name}: {status}")
    yield Figure("routes that answer to a foreign Host", len(hosts), "", at_most=0, note=note(hosts))
    yield Figure(
        "routes that a page elsewhere may do more than read with",
        len(origins),
        "",
        at_most=0,
        note=note(origins),
    )


def revoked(
    service: Service, data: Path, keys: Mapping[str | None, str], routes: list[Route]
) -> Iterator[Figure]:
    """The strongest key, once it is revoked."""
    from stemgraph.app.access.key_file import KeyFile

    KeyFile.of_data(data).revoke(keys["admin"].split("_")[1])
    taken = []
    for route in [each for each in routes if each.needs != "read"] or routes[:3]:
        status = send(
            service, route.method, route.path, route.body, route.headers(**authorization(keys, "admin"))
        )
        if status not in (401, 429):
            taken.append(f"{route.name}: {status}")
    yield Figure("routes that take a revoked key", len(taken), "", at_most=0, note=note(taken))


def routes_of(document: Mapping[str, Any]) -> Iterator[Route]:
    """All operations of the document, those that need most last, each with a request that it shows."""
    found = [
        route_of(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    yield from sorted(found, key=lambda route: SCOPES.index(route.needs))


def route_of(path: str, method: str, operation: Mapping[str, Any]) -> Route:
    """One operation."""
    needs = "read"
    for required in operation.get("security", ()):
        if not required:  # what is read with it needs no key
            needs = "read"
            break
        needs = next(iter(required.get("key", ())), "admin")
    content: Mapping[str, Any] = operation.get("requestBody", {}).get("content", {})
    media_type = next(iter(content), None)
    return Route(
        method.upper(),
        path_of(path, operation.get("parameters", ())),
        needs,
        frozenset(int(status) for status in operation["responses"]),
        None if media_type is None else body_of(media_type, content[media_type]),
        media_type,
    )


def path_of(path: str, parameters: Any) -> str:
    """The path with a value for each parameter that it has or requires."""
    query = {}
    for each in parameters:
        name = each["name"]
        value = ASSOCIATION if "/association/{" in path and each["in"] == "path" else value_of(each)
        if each["in"] == "path":
            path = path.replace("{" + name + "}", quote(str(value), safe=":")).replace(
                "{" + name + ":path}", quote(str(value), safe=":")
            )
        elif each.get("required") and each["in"] == "query":
            query[name] = value
    return path + ("?" + urlencode(query) if query else "")


def value_of(parameter: Mapping[str, Any]) -> Any:
    """What the document shows for a parameter, or else something of its kind."""
    if "example" in parameter:
        return parameter["example"]
    schema = parameter.get("schema", {})
    return VALUES.get(parameter["name"]) or next(iter(schema.get("enum", ())), "MONDO:0005301")


def body_of(media_type: str, content: Mapping[str, Any]) -> bytes:
    """What the document shows as a body, or else something short."""
    example = content.get("example") or next(iter(content.get("examples", {}).values()), {}).get("value")
    if media_type.endswith("json"):
        return json.dumps({} if example is None else example).encode()
    if media_type == "application/x-www-form-urlencoded":
        return urlencode(example or {"query": "ASK {}"}).encode()
    return str(example or "ASK {}").encode()


def journal(data: Path) -> int:
    """How many bytes of edits there are."""
    file = data / "journal.jsonl"
    return file.stat().st_size if file.exists() else 0


def send(service: Service, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> int:
    """The status of a request on a connection of its own; the answer itself is not waited for."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    try:
        connection.request(method, path, body=body, headers=dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def note(found: list[str]) -> str:
    """The first few of what was found."""
    return "; ".join(found[:4])
