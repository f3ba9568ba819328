"""Schemathesis over the whole OpenAPI document, against the running service."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.e2e.conftest import Service

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,negative_data_rejection,unsupported_method"
)


def test_no_request_made_from_the_document_gives_an_undocumented_answer(
    service: Service, repository: Path, tmp_path: Path
) -> None:
    finished = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", service.url + "/openapi.json"),
            *(
                "--checks",
                CHECKS,
                "--max-examples",
                "50",
                "--seed",
                "20261123",
                "--no-color",
                "--workers",
                "1",
            ),
            *("--phases", "examples,coverage,fuzzing", "--max-response-time", "15"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "tests.e2e.schemathesis_hooks",
            "PYTHONPATH": str(repository),
        },
    )
    assert finished.returncode == 0, finished.stdout[-12000:] + finished.stderr[-3000:]
    assert "operations" in finished.stdout.lower()
