"""Sends what user code prints over the line, in order with its result: log records whole, raw output by lines."""

import io
import json
import logging
import os
import sys
import time

from .errors import frames_of
from .line import LOG, encode

STDOUT, STDERR = 1, 2
OF_EVERY_RECORD = {"message", "asctime", *logging.makeLogRecord({}).__dict__}
LEVELS = {"TRACE": 1, "DEBUG": 2, "INFO": 3, "WARNING": 4, "WARN": 4, "ERROR": 5, "CRITICAL": 6, "FATAL": 6}


class Output(io.TextIOBase):
    """A standard stream whose lines become log frames."""

    def __init__(self, line, stream, original):
        self._line = line
        self._prefix = bytes((stream, 0))
        self._open = ""
        self._original = original

    encoding = "utf-8"
    errors = "backslashreplace"

    @property
    def buffer(self):
        return OutputBytes(self)

    def fileno(self):
        return self._original.fileno()

    def isatty(self):
        return False

    def writable(self):
        return True

    def write(self, text):
        lines = (self._open + text).split("\n")
        self._open = lines.pop()
        for text_line in lines:
            self._line.send(LOG, self._prefix + encode(text_line))
        return len(text)

    def end_line(self):
        """Sends a last line that has no newline yet."""
        if self._open:
            self.write("\n")


class OutputBytes(io.RawIOBase):
    def __init__(self, text):
        self._text = text

    def writable(self):
        return True

    def write(self, chunk):
        self._text.write(bytes(chunk).decode("utf-8", "replace"))
        return len(chunk)


class RecordHandler(logging.Handler):
    """Log records whole, with their level."""

    def __init__(self, line):
        super().__init__()
        self._line = line
        self.request_id = ""
        self.tenant_id = None
        self.as_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"

    def emit(self, record):
        try:
            text = self._to_json(record) if self.as_json else self.format(record)
            level = LEVELS.get(record.levelname, 3)
            self._line.send(LOG, bytes((STDERR if level >= 4 else STDOUT, level)) + encode(text))
        except Exception:
            self.handleError(record)

    def _to_json(self, record):
        error = record.exc_info if record.exc_info and record.exc_info[0] else None
        entry = {
            "timestamp": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "stackTrace": frames_of(error[2]) if error else None,
            "errorType": error[0].__name__ if error else None,
            "errorMessage": str(error[1]) if error else None,
            "requestId": self.request_id or None,
            "location": f"{record.pathname}:{record.funcName}:{record.lineno}" if error else None,
            "tenantId": self.tenant_id,
        }
        # What the caller gave as `extra`.
        for name, value in record.__dict__.items():
            if name not in OF_EVERY_RECORD:
                entry.setdefault(name, value)
        told = {name: value for name, value in entry.items() if value is not None}
        return json.dumps(told, ensure_ascii=False, default=str)


def error_json(error, request_id):
    """What the runtime says of an error that nobody caught."""
    entry = {
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "log_level": "ERROR",
        "errorMessage": error["errorMessage"],
        "errorType": error["errorType"],
        "requestId": request_id,
        "stackTrace": error["trace"],
    }
    return json.dumps(entry, ensure_ascii=False)


def end_lines():
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Output):
            stream.end_line()
