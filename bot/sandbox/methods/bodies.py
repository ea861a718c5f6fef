"""Parameters of an HTTP request to the Bot API, in all the encodings that Telegram takes."""

import json
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from bot.sandbox.errors import Json, bad_request


def read_body(content_type: str, body: bytes) -> Json:
    """Return the parameters of a form, a JSON object or a multipart body; raises a 400."""
    if not body:
        return {}
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _json(body)
    if kind == "multipart/form-data":
        return _multipart(content_type, body)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _json(body: bytes) -> Json:
    try:
        params = json.loads(body)
    except ValueError:
        params = None
    if not isinstance(params, dict):
        raise bad_request("can't parse JSON object")
    return params


def _multipart(content_type: str, body: bytes) -> Json:
    """Return the fields, and under `files` each uploaded file with what is known of it."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parsed = BytesParser(_class=EmailMessage, policy=HTTP).parsebytes(head + body)
    params: Json = {}
    files: Json = {}
    for part in parsed.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        if file_name := part.get_filename():
            files[name] = {
                "file_name": file_name,
                "file_size": len(content),
                "mime_type": part.get_content_type(),
                "content": content,
            }
        else:
            params[name] = content.decode()
    return with_files(params, files)


def with_files(params: Json, files: Json) -> Json:
    """Return the parameters with the uploaded files, as they are named there or are one."""
    if not files:
        return params
    named = " ".join(value for value in params.values() if isinstance(value, str))
    own = {name: f"attach://{name}" for name in files if f"attach://{name}" not in named}
    return {**own, **params, "files": files}
