"""Ogg pages around Opus packets (RFC 3533, RFC 7845): short ones first, so that sound leaves early."""

import struct
import zlib

_VENDOR = b"hailo-piper"
_SERIAL = 0x68616C6F
"""The same in every file, since equal speech gives equal bytes."""
_CONTINUES, _BEGINS, _ENDS = 0, 2, 4
_TICKS_PER_SECOND = 48000
"""Opus counts in these, whatever the rate of what it was given."""
_MOST_PACKETS_IN_PAGE = 10
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class OpusPages:
    """One stream. Holds a packet back, since the last page must have one to carry the mark of the end."""

    def __init__(self, head: bytes, *, sample_rate: int, samples_per_packet: int) -> None:
        """`head`: the OpusHead packet."""
        self._ticks_per_sample = _TICKS_PER_SECOND // sample_rate
        self._ticks_per_packet = samples_per_packet * self._ticks_per_sample
        self._ticks_before_speech = int.from_bytes(head[10:12], "little")
        self._pages = 0
        self._packets = 0
        """In pages already."""
        self._waiting: list[bytes] = []
        self._wanted = 1
        tags = struct.pack(f"<8sI{len(_VENDOR)}sI", b"OpusTags", len(_VENDOR), _VENDOR, 0)
        self.header = self._page([head], 0, _BEGINS) + self._page([tags], 0, _CONTINUES)
        """The two pages that come before any sound."""

    def add(self, packet: bytes) -> bytes:
        """The page that this packet completes, or nothing. A page holds twice as many as the one before, up to ten."""
        self._waiting.append(packet)
        if len(self._waiting) <= self._wanted:
            return b""
        packets, self._waiting = self._waiting[:-1], self._waiting[-1:]
        self._wanted = min(2 * self._wanted, _MOST_PACKETS_IN_PAGE)
        self._packets += len(packets)
        return self._page(packets, self._packets * self._ticks_per_packet, _CONTINUES)

    def end(self, num_samples: int) -> bytes:
        """The last page, which says after how many samples the sound ends, wherever its last packet does."""
        return self._page(self._waiting, self._ticks_before_speech + num_samples * self._ticks_per_sample, _ENDS)

    def _page(self, packets: list[bytes], position: int, kind: int) -> bytes:
        """One page; `position`: ticks from the begin to the end of its last packet."""
        lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
        fields = struct.pack("<4sBBQII", b"OggS", 0, kind, position, _SERIAL, self._pages)
        rest = bytes([len(lacing)]) + lacing + b"".join(packets)
        self._pages += 1
        return fields + struct.pack("<I", _checksum(fields + bytes(4) + rest)) + rest


def _checksum(data: bytes) -> int:
    """Ogg's CRC: zlib's polynomial with the bits the other way round, and nothing inverted."""
    mirrored = zlib.crc32(data.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
