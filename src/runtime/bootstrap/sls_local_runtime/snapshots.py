"""SnapStart's hooks: nothing is snapshotted here, what would run before the snapshot and after a restore runs one after the other."""

import sys
import types

from .errors import InitFailure, own_frames

# Functions with their arguments, in the order they were registered.
before = []
after = []


def offer_hooks():
    """The module by which code registers its hooks is part of Lambda's own runtimes; a copy in the code's packages counts more."""
    sys.meta_path.append(HookModule)


class HookModule:
    @staticmethod
    def find_spec(name, _path=None, _target=None):
        if name != "snapshot_restore_py":
            return None
        import importlib.machinery

        return importlib.machinery.ModuleSpec(name, HookModule)

    @staticmethod
    def create_module(spec):
        return types.ModuleType(spec.name)

    @staticmethod
    def exec_module(module):
        module.register_before_snapshot = registrar(before)
        module.register_after_restore = registrar(after)
        module.get_before_snapshot = lambda: list(before)
        module.get_after_restore = lambda: list(after)


def registrar(hooks):
    def register(function, *args, **kwargs):
        hooks.append((function, args, kwargs))
        return function

    return register


def run_hooks():
    """Before the snapshot the last one registered comes first, after the restore the first one."""
    module = sys.modules.get("snapshot_restore_py")
    if module is None:
        return
    run(reversed(list(module.get_before_snapshot())), "Runtime.BeforeSnapshotError")
    run(list(module.get_after_restore()), "Runtime.AfterRestoreError")


def run(hooks, error_type):
    for function, args, kwargs in hooks:
        try:
            function(*args, **kwargs)
        except Exception as failure:
            raise InitFailure(error_type, f"{type(failure).__name__}: {failure}", own_frames(failure)) from None
