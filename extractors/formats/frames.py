"""A file of gzip members or zstd frames, unpacked one after the other, each with the place where it begins."""

import zlib
from typing import Any, BinaryIO

import zstandard

from extractors.formats.members import CHUNK, Budget, DamageError

GZIP, ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
AT_ONCE = 1 << 20  # bytes unpacked at a time
ZSTD_CHUNK = 1024  # bytes read at a time: a few of zstd unpack to 128 kB, and its reader knows no limit
ZSTD_WINDOW = 1 << 27  # what its own command takes without being asked twice
SKIPPABLE = range(0x184D2A50, 0x184D2A60)  # magic numbers of zstd frames that hold no data
DICTIONARY = 0x184D2A5D  # of the one that holds the dictionary of a whole WARC file
MAX_DICTIONARY = 10_000_000


class Frames:
    """What the frame that begins at `start` unpacks to, piece by piece; `next` goes on to the one behind it.

    A file that is not packed is one frame. DamageError where the bytes are no frame or break off.
    """

    def __init__(self, file: BinaryIO, *, start: int, budget: Budget) -> None:
        self._file, self._budget = file, budget
        file.seek(0)
        magic = file.read(4)
        self._dictionary = self._dictionary_of(magic)
        self.magic = GZIP if magic[:3] == GZIP else ZSTD if magic == ZSTD or self._dictionary else b""
        self.go_to(start)

    def go_to(self, start: int) -> None:
        """Begin at another place."""
        self._file.seek(start)
        self._begin(start, b"")
        while self.magic == ZSTD and self._skipped():
            pass

    def _begin(self, start: int, pending: bytes) -> None:
        self.start = start
        self._pending, self._ready = pending, b""
        self._taken = 0  # bytes handed out of this frame
        self._unpacker: Any = None
        self._at_end = False

    @property
    def place(self) -> int:
        """Where the frame begins, or in a file that is not packed what is not read yet."""
        return self.start if self.magic else self.start + self._taken

    @property
    def stop(self) -> int:
        """Where to go on after what was read: behind the frame, or at its beginning if there is more in it."""
        if not self.magic:
            return self.place
        return self._file.tell() - len(self._pending) if self.ended else self.start

    @property
    def ended(self) -> bool:
        """Whether all of the frame was read."""
        while not self._ready and self._more():
            pass
        return not self._ready

    def read(self, size: int) -> bytes:
        """At most `size` bytes of this frame, fewer only at its end."""
        while len(self._ready) < size and self._more():
            pass
        return self.some(size)

    def some(self, size: int) -> bytes:
        """At most `size` bytes of what is unpacked already."""
        data, self._ready = self._ready[:size], self._ready[size:]
        self._taken += len(data)
        return data

    def until(self, mark: bytes, limit: int) -> bytes | None:
        """All up to the mark and the mark itself; None, and nothing is read, if it does not come within the limit."""
        sought = 0
        while (found := self._ready.find(mark, max(0, sought - len(mark)))) < 0:
            sought = len(self._ready)
            if sought > limit or not self._more():
                return None
        return self.read(found + len(mark))

    def next(self) -> bool:
        """Go to the frame behind this one, which has ended; whether there is one."""
        if not self.magic:
            return False
        pending = self._pending or self._file.read(CHUNK)
        stop = self._file.tell() - len(pending)
        if self.magic == ZSTD:
            self.go_to(stop)
        else:
            self._begin(stop, pending)
        return bool(pending)

    def _more(self) -> bool:
        """Unpack a little more of the frame; whether anything may have come."""
        if self._at_end:
            return False
        data = self._pending or self._file.read(ZSTD_CHUNK if self.magic == ZSTD else CHUNK)
        self._pending = b""
        if self.magic:
            self._unpack(data)
        else:
            self._ready += data
            self._at_end = not data
        return True

    def _unpack(self, data: bytes) -> None:
        self._unpacker = self._unpacker or self._new()
        try:
            if self.magic == GZIP:
                out = self._unpacker.decompress(data, AT_ONCE)
                self._at_end = self._unpacker.eof
                self._pending = self._unpacker.unused_data if self._at_end else self._unpacker.unconsumed_tail
            else:
                out = self._unpacker.decompress(data)
                self._at_end = self._unpacker.eof
                self._pending = self._unpacker.unused_data
        except (zlib.error, zstandard.ZstdError) as error:
            raise DamageError(f"it cannot be unpacked ({error})") from None
        if not data and not out and not self._at_end:
            raise DamageError("the file ends in the middle of it")
        self._budget.spend(len(out))
        self._ready += out

    def _new(self) -> Any:
        if self.magic == GZIP:
            return zlib.decompressobj(31)
        words = zstandard.ZstdCompressionDict(self._dictionary) if self._dictionary else None
        return zstandard.ZstdDecompressor(dict_data=words, max_window_size=ZSTD_WINDOW).decompressobj()

    def _skipped(self) -> bool:
        """Whether the frame was one without data, which is stepped over."""
        head = self._file.read(8)
        known = len(head) == 8 and int.from_bytes(head[:4], "little") in SKIPPABLE
        self._begin(self.start + 8 + int.from_bytes(head[4:], "little") if known else self.start, b"")
        self._file.seek(self.start)
        return known

    def _dictionary_of(self, magic: bytes) -> bytes:
        """The dictionary in the first frame of a zstd WARC, if it has one; it may be packed itself."""
        if int.from_bytes(magic, "little") != DICTIONARY:
            return b""
        data = self._file.read(min(int.from_bytes(self._file.read(4), "little"), MAX_DICTIONARY))
        if data[:4] != ZSTD:
            return data
        try:
            return zstandard.ZstdDecompressor().decompress(data, max_output_size=MAX_DICTIONARY)
        except zstandard.ZstdError:
            return b""
