"""What the OpenAPI document says of posting: the bodies that are understood, and the answers that may come."""

from typing import Any

_TEXT = {"schema": {"type": "string", "minLength": 1}}
_ADDRESS = {"type": "string", "format": "uri", "pattern": "^https?://[!-~]+$", "maxLength": 2_000}

BODY: dict[str, Any] = {
    "parameters": [
        {
            "name": "X-Page-Url",
            "in": "header",
            "required": False,
            "description": "The address of a page that is the whole body, or, as a header of a part, of that part.",
            "schema": _ADDRESS,
        }
    ],
    "requestBody": {
        "required": True,
        "description": "One page as it is; many as the parts of a form; or a JSON object with content in each line.",
        "content": {
            "text/html": _TEXT,
            "text/plain": _TEXT,
            "application/octet-stream": {"schema": {"type": "string", "format": "binary", "minLength": 1}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"page": {"type": "string", "format": "binary", "minLength": 1}},
                    "required": ["page"],
                }
            },
            "application/x-ndjson": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "url": {"anyOf": [_ADDRESS, {"type": "null"}]},
                        "content": {"type": "string", "minLength": 1},
                        "media_type": {"enum": ["text/html", "text/plain", None]},
                    },
                    "required": ["content"],
                    "additionalProperties": False,
                }
            },
        },
    },
}

_REASON = {
    "application/json": {
        "schema": {
            "type": "object",
            "properties": {"code": {"type": "string"}, "detail": {"type": "string"}},
            "required": ["code", "detail"],
        }
    }
}

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": description, "content": _REASON}
    for status, description in {
        400: "The body did not end",
        401: "The bearer token is missing or wrong",
        403: "Without a token web pages may not post",
        404: "No such page was handed in",
        408: "The body came too slowly",
        413: "A page, or the post, is too large",
        415: "Not the type of a page",
        422: "What was sent is not what it says it is",
        429: "Too many posts in a short time",
        503: "The warehouse cannot be read now",
        507: "There is no room for more",
    }.items()
}
