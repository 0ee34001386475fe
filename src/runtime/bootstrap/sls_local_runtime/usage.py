"""What this process uses, memory and CPU time, cheap enough to ask after every event."""

import os
import sys
import time


def make_memory_meter():
    """Peak resident memory in KB. A forked process inherits its parent's figure in getrusage, so Linux is asked directly."""
    try:
        status = os.open("/proc/self/status", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        import resource

        unit = 1024 if sys.platform == "darwin" else 1
        return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit

    def high_water():
        text = os.pread(status, 2048, 0)
        at = text.find(b"VmHWM:")
        return int(text[at + 6:].split(None, 1)[0]) if at >= 0 else 0

    return high_water


class CpuMeter:
    """CPU time of the event under way, of all threads."""

    def __init__(self):
        self._begun = 0

    def begin(self):
        self._begun = time.process_time_ns()

    def used_us(self):
        return min(0xFFFFFFFF, (time.process_time_ns() - self._begun) // 1000)
