"""What a process has been given by the system and no longer needs, back to the system."""

import ctypes
import gc
import sys
from contextlib import suppress

import pyarrow as pa

ARENA_MAX, MMAP_THRESHOLD = -8, -3  # malloc.h: how many heaps the threads share; what is larger is mapped on its own
ARENAS = 2
MAPPED = 1 << 20  # bytes


def allocate_sparingly() -> None:
    """To be called before there are threads. Rows come and go by the hundred megabytes: kept for the next time, as the
    allocators of Arrow and of the C library do it by default, they are a tenth of what an ingest holds.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # a C library without it
            library = ctypes.CDLL(None)
            library.mallopt(ARENA_MAX, ARENAS)
            library.mallopt(MMAP_THRESHOLD, MAPPED)


def give_back_memory() -> None:
    """What a slice has left in this process: else the second one comes on top of the first."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # a C library without it
            ctypes.CDLL(None).malloc_trim(0)
