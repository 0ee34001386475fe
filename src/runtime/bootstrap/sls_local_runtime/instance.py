"""Loads the user's handler when told which, and runs events through it."""

import json
import logging
import os
import sys
import time

from .context import LambdaContext
from . import snapshots
from .errors import describe, error_payload
from .handler import load_handler
from .line import ASSIGN, ERROR, INIT_ERROR, INVOKE, LOG, READY, RESULT, encode
from .output import LEVELS, STDERR, RecordHandler, end_lines, error_json
from .usage import CpuMeter, make_memory_meter


class Instance:
    def __init__(self, line):
        self._line = line
        self._peak_kb = make_memory_meter()
        self._cpu = CpuMeter()
        self._handler = None
        self._records = RecordHandler(line)
        self._records.setFormatter(logging.Formatter("%(message)s"))
        logging.getLogger().addHandler(self._records)
        level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper().replace("TRACE", "DEBUG")
        if level in logging._nameToLevel:
            logging.getLogger().setLevel(level)

    def run(self):
        while True:
            kind, body = self._line.receive()
            if kind == INVOKE:
                self._invoke(body)
            elif kind == ASSIGN:
                self._assign(json.loads(body))

    def _assign(self, task):
        os.environ.update(task.get("env") or {})
        root = task.get("dir") or os.environ.get("LAMBDA_TASK_ROOT") or os.getcwd()
        started = time.perf_counter()
        try:
            snapshots.offer_hooks()
            self._handler = load_handler(root, task["handler"])
            if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
                snapshots.run_hooks()
        except Exception as failure:
            end_lines()
            error = describe(failure)
            self._log_error(error)
            self._line.send(INIT_ERROR, encode(json.dumps({"initMs": elapsed_ms(started), "error": error_payload(error)})))
            sys.exit(1)
        init_ms = elapsed_ms(started)
        end_lines()
        self._line.send(READY, self._peak() + encode(json.dumps({"initMs": init_ms})))

    def _invoke(self, body):
        self._cpu.begin()
        meta_end = 4 + int.from_bytes(body[:4], "big")
        meta = json.loads(body[4:meta_end])
        self._records.request_id = meta["id"]
        self._records.tenant_id = meta.get("tenant")
        os.environ["_X_AMZN_TRACE_ID"] = meta["trace"]
        try:
            result = self._handler(json.loads(body[meta_end:]), LambdaContext(meta))
        except Exception as failure:
            return self._fail(describe(failure))
        try:
            text = to_json(result)
        except Exception as failure:
            message = f"Unable to marshal response: {failure}"
            return self._fail({"errorType": "Runtime.MarshalError", "errorMessage": message, "trace": []})
        self._finish(RESULT, text)

    def _fail(self, error):
        end_lines()
        self._log_error(error)
        self._finish(ERROR, error_payload(error, self._records.request_id))

    def _finish(self, kind, text):
        end_lines()
        self._line.send(kind, self._peak() + self._cpu.used_us().to_bytes(4, "big") + encode(text))

    def _peak(self):
        return self._peak_kb().to_bytes(4, "big")

    def _log_error(self, error):
        if self._records.as_json:
            text = error_json(error, self._records.request_id)
            return self._line.send(LOG, bytes((STDERR, LEVELS["ERROR"])) + encode(text))
        lines = [f"[ERROR] {error['errorType']}: {error['errorMessage']}"]
        if error["trace"]:
            lines += ["Traceback (most recent call last):"] + [frame.rstrip("\n") for frame in error["trace"]]
        self._line.send(LOG, bytes((STDERR, LEVELS["ERROR"])) + encode("\n".join(lines)))


def to_json(value):
    return json.dumps(value, ensure_ascii=False, default=plain)


def plain(value):
    """Lambda's encoder takes decimals; everything else json does not know is an error."""
    if type(value).__name__ == "Decimal":
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def elapsed_ms(started):
    return (time.perf_counter() - started) * 1000
