"""Reading a JSON body: bounded, typed, and checked by a pydantic model."""

from __future__ import annotations

from typing import TypeVar

import orjson
from fastapi import Request
from pydantic import BaseModel, ValidationError

from stemgraph.app.errors import (
    MalformedRequestError,
    ParameterError,
    PayloadTooLargeError,
    UnsupportedMediaTypeError,
)
from stemgraph.app.negotiation import JSON
from stemgraph.app.parameters import invalid
from stemgraph.graph.suggestions import closest

ModelType = TypeVar("ModelType", bound=BaseModel)


async def read_body(request: Request, most: int) -> bytes:
    """The JSON body of a request, unparsed.

    Raises:
        UnsupportedMediaTypeError: It is not said to be JSON.
        PayloadTooLargeError: It has more bytes than ``most``.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != JSON:
        raise UnsupportedMediaTypeError(
            f"the body is '{given[:100]}'" if given else "the body has no Content-Type",
            place="Content-Type",
            mend=f"send {JSON}",
        )
    refuse_compressed(request)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise PayloadTooLargeError(
                f"the body has more than {most} bytes", place="body", mend="ask in several requests"
            )
    return bytes(body)


def refuse_compressed(request: Request) -> None:
    """Bodies are read as they come: decompressing one would make it any size.

    Raises:
        UnsupportedMediaTypeError: The body is said to be encoded.
    """
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding != "identity":
        raise UnsupportedMediaTypeError(
            f"the body is encoded as '{coding[:100]}'", place="Content-Encoding", mend="send it uncompressed"
        )


def parse_body(model: type[ModelType], body: bytes) -> ModelType:
    """The JSON body as the model.

    Raises:
        MalformedRequestError: It is not JSON.
        ParameterError: It is not what the model describes.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedRequestError(
            f"the body is not JSON: {error.msg}",
            place=f"body, line {error.lineno}, column {error.colno}",
            mend="send one JSON object in UTF-8",
        ) from error
    try:
        return model.model_validate(value, strict=True)
    except ValidationError as error:
        details = error.errors(include_url=False)[0]
        if not details["loc"]:
            raise ParameterError(
                "it is not a JSON object", place="body", mend=f"send an object with {_fields(model)}"
            ) from error
        if details["type"] == "extra_forbidden":
            place = str(details["loc"][0])[:100]
            raise ParameterError(
                f"'{place}' is not a field of this body",
                place=place,
                mend=f"this route takes {_fields(model)}",
                suggestions=closest(place, list(model.model_fields)),
            ) from error
        raise invalid(details) from error


def _fields(model: type[BaseModel]) -> str:
    return ", ".join(f"'{name}'" for name in model.model_fields)
