"""Reading a JSON body: bounded, typed, and checked by a pydantic model."""

from __future__ import annotations

from typing import TypeVar

import orjson
from fastapi import Request
from pydantic import BaseModel, ValidationError

from stemgraph.app.errors import MalformedRequestError, PayloadTooLargeError, UnsupportedMediaTypeError
from stemgraph.app.negotiation import JSON
from stemgraph.app.parameters import invalid

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
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise PayloadTooLargeError(
                f"the body has more than {most} bytes", place="body", mend="ask in several requests"
            )
    return bytes(body)


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
        raise invalid(error.errors(include_url=False)[0]) from error
