"""Ogg pages carry Opus packets (RFC 3533, RFC 7845), the first pages short, so that sound leaves early."""

import struct
import zlib

_VENDOR = b"hailo-piper"
_SERIAL = 0x68616C6F
"""Constant, so that equal speech gives equal bytes."""
_CONTINUES, _BEGINS, _ENDS = 0, 2, 4
_TICKS_PER_SECOND = 48000
"""Opus in Ogg counts samples at 48 kHz, whatever the input rate (RFC 7845, section 4)."""
_MOST_PACKETS_IN_PAGE = 10
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class OpusPages:
    """The pages of one stream. One packet is held back, since the page that marks the end needs one."""

    def __init__(self, head: bytes, *, sample_rate: int, samples_per_packet: int) -> None:
        """`head`: the OpusHead packet."""
        self._ticks_per_sample = _TICKS_PER_SECOND // sample_rate
        self._ticks_per_packet = samples_per_packet * self._ticks_per_sample
        self._ticks_before_speech = int.from_bytes(head[10:12], "little")
        self._pages = 0
        self._packets = 0
        """Packets in finished pages."""
        self._waiting: list[bytes] = []
        self._page_packets = 1
        """Packets that complete the next page."""
        tags = struct.pack(f"<8sI{len(_VENDOR)}sI", b"OpusTags", len(_VENDOR), _VENDOR, 0)
        self.header = self._page([head], 0, _BEGINS) + self._page([tags], 0, _CONTINUES)
        """The two pages before any sound."""

    def add(self, packet: bytes) -> bytes:
        """Return the page that this packet completes, or no bytes. Each page holds twice as many, up to ten."""
        self._waiting.append(packet)
        if len(self._waiting) <= self._page_packets:
            return b""
        packets, self._waiting = self._waiting[:-1], self._waiting[-1:]
        self._page_packets = min(2 * self._page_packets, _MOST_PACKETS_IN_PAGE)
        self._packets += len(packets)
        return self._page(packets, self._packets * self._ticks_per_packet, _CONTINUES)

    def end(self, num_samples: int) -> bytes:
        """Return the last page, whose position says after how many samples the sound ends within its last packet."""
        return self._page(self._waiting, self._ticks_before_speech + num_samples * self._ticks_per_sample, _ENDS)

    def _page(self, packets: list[bytes], position: int, kind: int) -> bytes:
        """Return one page; `position`: ticks from the beginning of the stream to the end of its last packet."""
        lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
        fields = struct.pack("<4sBBQII", b"OggS", 0, kind, position, _SERIAL, self._pages)
        rest = bytes([len(lacing)]) + lacing + b"".join(packets)
        self._pages += 1
        return fields + struct.pack("<I", _checksum(fields + bytes(4) + rest)) + rest


def _checksum(data: bytes) -> int:
    """Return Ogg's CRC: zlib's polynomial with bits in reverse order and without inversion."""
    mirrored = zlib.crc32(data.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
