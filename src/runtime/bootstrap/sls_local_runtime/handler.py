"""Finds the user's handler the way Lambda does: `dir/module.function` below the task's folder."""

import importlib
import sys

from .advice import advise
from .errors import InitFailure, own_frames
from .fresh_code import keep_fresh


def load_handler(root, name):
    sys.path.insert(0, root)
    keep_fresh(root)
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as failure:
        raise InitFailure("Runtime.MalformedHandlerName", f"Bad handler '{name}': {failure}") from None
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as failure:
        advise(root, failure)
        raise InitFailure(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {failure}", own_frames(failure)
        ) from None
    except SyntaxError as failure:
        place = f'  File "{failure.filename}" Line {failure.lineno}\n    {(failure.text or "").strip()}\n'
        raise InitFailure(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {failure}", [place]
        ) from None
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise InitFailure(
            "Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'"
        ) from None
