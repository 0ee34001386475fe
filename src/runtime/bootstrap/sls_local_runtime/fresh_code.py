"""Keeps imports of the function's code from taking compiled code of an older source.

Python knows a compiled file by the second and the size of its source: what is saved twice within a second would stay
what it was at first, for good. Here a compiled file counts, and is written, only when the source had rested before.
"""

import os
import sys
import time
from importlib import machinery

# No clock of a file system is coarser.
REST_SECONDS = 2


class RestedLoader(machinery.SourceFileLoader):
    def get_data(self, path):
        if is_compiled(path) and not has_rested(self.path, os.stat(path).st_mtime):
            raise OSError(f"{path} may be of an older {self.path}")
        return super().get_data(path)

    def _cache_bytecode(self, source_path, bytecode_path, data):
        if has_rested(source_path, time.time()):
            super()._cache_bytecode(source_path, bytecode_path, data)


def is_compiled(path):
    return path.endswith(tuple(machinery.BYTECODE_SUFFIXES))


def has_rested(source, until):
    return until - os.stat(source).st_mtime >= REST_SECONDS


def keep_fresh(root):
    """Of the folder of the code and those of layers; what is installed elsewhere does not change."""
    folders = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]

    def find_in(path):
        if not any(path == folder or path.startswith(folder + os.sep) for folder in folders):
            raise ImportError
        return machinery.FileFinder(
            path,
            (machinery.ExtensionFileLoader, machinery.EXTENSION_SUFFIXES),
            (RestedLoader, machinery.SOURCE_SUFFIXES),
            (machinery.SourcelessFileLoader, machinery.BYTECODE_SUFFIXES),
        )

    sys.path_hooks.insert(0, find_in)
    sys.path_importer_cache.clear()
