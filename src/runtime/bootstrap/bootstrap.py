"""Process 1 of a Python instance: connects to the host and serves it. The parts are modules, so that Python keeps them compiled."""

import json
import os
import sys

from sls_local_runtime.instance import Instance
from sls_local_runtime.line import HELLO, Line, encode
from sls_local_runtime.output import STDERR, STDOUT, Output, end_lines


def main():
    # The folder of this file must not shadow the user's modules.
    own = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != own]
    token = os.environ.pop("SLS_LOCAL_TOKEN", "")
    line = Line(os.environ.pop("SLS_LOCAL_LINE", ""))
    sys.stdout = Output(line, STDOUT, sys.__stdout__)
    sys.stderr = Output(line, STDERR, sys.__stderr__)
    hello = {"role": "main", "token": token, "pid": os.getpid(), "version": sys.version.split()[0]}
    line.send(HELLO, encode(json.dumps(hello)))
    try:
        Instance(line).run()
    finally:
        end_lines()


if __name__ == "__main__":
    main()
