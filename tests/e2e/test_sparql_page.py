"""The page at /sparql, in a real browser that can reach nothing but the service."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.e2e.conftest import Service

EXAMPLES = json.loads((Path(__file__).parents[2] / "web" / "sparql" / "examples.json").read_text())
BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")

needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium; apt-get install chromium")


def browse(address: str, directory: Path) -> tuple[str, str]:
    """The page as the browser has it after its scripts have run, and what the browser logged."""
    finished = subprocess.run(
        [
            str(BROWSER),
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
            *("--disable-background-networking", "--no-first-run", "--disable-component-update"),
            *("--enable-logging=stderr", "--v=0", f"--user-data-dir={directory / 'profile'}"),
            *("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--virtual-time-budget=60000"),
            *(f"--log-net-log={directory / 'net.json'}", f"--screenshot={directory / 'page.png'}"),
            *("--window-size=1280,1000", "--dump-dom", address),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=240,
    )
    return finished.stdout, finished.stderr


@needs_browser
def test_a_query_runs_in_the_page_and_its_rows_are_shown(service: Service, tmp_path: Path) -> None:
    page, log = browse(f"{service.url}/sparql?{urlencode({'query': EXAMPLES[0]['query']})}", tmp_path)
    rows = re.findall(r"<tr[^>]*>.*?</tr>", page[page.index("<tbody") :], re.DOTALL)
    text = [re.sub(r"<[^>]+>", " ", row).split() for row in rows]
    assert ["1", "STEMGRAPH:ryoncil", "Ryoncil"] in text
    assert len(text) == 3
    assert (tmp_path / "page.png").stat().st_size > 20_000
    said = [line for line in log.splitlines() if "CONSOLE" in line]
    assert said == []


@needs_browser
def test_the_page_asks_no_other_host(service: Service, tmp_path: Path) -> None:
    browse(service.url + "/sparql", tmp_path)
    net_log = (tmp_path / "net.json").read_text()
    asked = set(re.findall(r'"url":"(https?://[^"/]+)', net_log))
    assert service.url in asked
    # The browser's own services, which cannot be reached here, are no part of the page.
    page = service.request("/sparql", headers={"accept": "text/html"})[2].decode()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    assert not any(":" in each for each in loaded)
    initiated = set(re.findall(r'"initiator":"(https?://[^"]+)"', net_log))
    assert initiated <= {service.url}


def test_a_browser_gets_the_page_under_a_strict_policy(service: Service) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    status, headers, body = service.request("/sparql", headers=browser)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "connect-src 'self'" in policy
    assert b"<script src=" in body
    assert b"<script>" not in body
    for name in re.findall(rb'(?:src|href)="(docs/[^"]+)"', body):
        assert service.request("/" + name.decode())[0] == 200


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_every_example_of_the_page_has_rows(service: Service, example: dict[str, str]) -> None:
    assert service.select(example["query"])
