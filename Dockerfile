# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /src
COPY pyproject.toml uv.lock README.md LICENSE LICENSE-DATA ./
RUN uv sync --frozen --no-dev --no-install-project --no-editable
COPY app app
COPY graph graph
COPY ontology ontology
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/stemgraph stemgraph
COPY --from=build --chown=root:root /src/.venv /src/.venv
ENV PATH=/src/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STEMGRAPH_DATA=/var/lib/stemgraph/data
# The root file system may be mounted read-only: all that is written goes to this volume.
VOLUME ["/var/lib/stemgraph"]
USER 10001:10001
WORKDIR /var/lib/stemgraph
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import sys, urllib.request; sys.exit(urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4).status != 200)"]
ENTRYPOINT ["stemgraph"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
