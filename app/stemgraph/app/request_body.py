"""Reading a JSON body: bounded, typed, and checked by a pydantic model."""

from __future__ import annotations

from typing import TypeVar, get_args

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


async def read_body(request: Request, most: int, *, types: tuple[str, ...] = (JSON,)) -> bytes:
    """The body of a request, unparsed.

    Raises:
        UnsupportedMediaTypeError: It is not said to be of one of these media types.
        PayloadTooLargeError: It has more bytes than ``most``.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in types:
        raise UnsupportedMediaTypeError(
            f"the body is '{given[:100]}'" if given else "the body has no Content-Type",
            place="Content-Type",
            mend=f"send {', '.join(types)}",
        )
    refuse_compressed(request)
    return await receive_bytes(request, most, mend="ask in several requests")


async def receive_bytes(request: Request, most: int, *, mend: str) -> bytes:
    """The body of a request; one that is too long is refused as soon as that is known.

    Raises:
        PayloadTooLargeError: It has, or is said to have, more bytes than ``most``.
    """
    declared = request.headers.get("content-length", "")
    size = int(declared) if declared.isdecimal() else 0
    body = bytearray()
    if size <= most:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                break
    if max(size, len(body)) > most:
        raise PayloadTooLargeError(f"the body has more than {most} bytes", place="body", mend=mend)
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
        place = _place(details["loc"])
        if details["type"] == "extra_forbidden":
            word, known = str(details["loc"][-1])[:100], _model_at(model, details["loc"][:-1])
            raise ParameterError(
                f"'{word}' is not a field of this body",
                place=place,
                mend=f"this route takes {_fields(known)}",
                suggestions=closest(word, list(known.model_fields)),
            ) from error
        refused = invalid(details)
        refused.place = place
        if details["type"] == "missing":
            refused.mend = f"give {place}"
        raise refused from error


def _place(location: tuple[int | str, ...]) -> str:
    """The path of a field in a body, such as ``evidence[0].tier``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return "".join(parts).removeprefix(".")[:300]


def _model_at(model: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel]:
    """The model of what stands at a place of a body."""
    for part in location:
        field = model.model_fields.get(str(part))
        found = field and _model_in(field.annotation)
        if isinstance(part, str) and found:
            model = found
    return model


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model that an annotation is of, be it in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each))), None)


def _fields(model: type[BaseModel]) -> str:
    return ", ".join(f"'{name}'" for name in model.model_fields)
