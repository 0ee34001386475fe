"""Says in the function's log what to do about a package that is not there: in the cloud a build puts it into the code."""

import os
import sys

PROVIDERS_OWN = ("boto3", "botocore")


def advise(root, failure):
    name = (getattr(failure, "name", None) or "").split(".")[0]
    if not isinstance(failure, ModuleNotFoundError) or not name or is_in(root, name):
        return
    print(advice(os.path.realpath(root), name), file=sys.stderr, flush=True)


def is_in(root, name):
    return os.path.exists(os.path.join(root, name)) or os.path.exists(os.path.join(root, name + ".py"))


def advice(root, name):
    pip = f"{sys.executable} -m pip install"
    if name in PROVIDERS_OWN:
        runtime = os.environ.get("AWS_EXECUTION_ENV", "").replace("AWS_Lambda_", "")
        return (
            f"sls-local: {name} is part of the provider's Python, but not of this one: {pip} boto3 "
            f"(for containers then: sls-local images make {runtime} --again)"
        )
    listed = os.path.isfile(os.path.join(root, "requirements.txt"))
    what = f"-r {os.path.join(root, 'requirements.txt')}" if listed else name
    return f"sls-local: {name} is neither in the code nor in a layer: {pip} -t {root} {what}"
