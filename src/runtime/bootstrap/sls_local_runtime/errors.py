"""Errors as the Lambda runtime client names and prints them."""

import json
import os

OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))


class InitFailure(Exception):
    """The handler cannot be had; `kind` is Lambda's name for why."""

    def __init__(self, kind, message, frames=()):
        super().__init__(message)
        self.kind = kind
        self.frames = list(frames)


def own_frames(failure):
    return frames_of(failure.__traceback__)


def frames_of(trace):
    """The user's frames: ours and the import machinery's are cut."""
    import traceback

    return [
        text
        for frame, text in zip(traceback.extract_tb(trace), traceback.format_tb(trace))
        if not is_ours(frame.filename)
    ]


def describe(failure):
    if isinstance(failure, InitFailure):
        return {"errorType": failure.kind, "errorMessage": str(failure), "trace": failure.frames}
    kind = type(failure)
    return {"errorType": kind.__name__, "errorMessage": str(failure), "trace": own_frames(failure)}


def error_payload(error, request_id=""):
    """What the client of the function is told, in the runtime client's order."""
    fields = {
        "errorMessage": error["errorMessage"],
        "errorType": error["errorType"],
        "requestId": request_id,
        "stackTrace": error["trace"],
    }
    return json.dumps(fields)


def is_ours(file):
    return (
        file.startswith(OWN_FOLDER)
        or file.startswith("<frozen importlib")
        or file.endswith(os.path.join("importlib", "__init__.py"))
    )
