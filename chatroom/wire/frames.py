"""The usual WebSocket frame, read and written without a machine of states (RFC 6455, 5.2)."""

FINAL_TEXT, FINAL_BINARY = 0x81, 0x82
MASKED = 0x80
# Lengths that say of how many bytes the length is that follows.
TWO_BYTES, EIGHT_BYTES = 126, 127
KEY = 4
NO_KEY = bytes(KEY)


def whole_text(data: bytes, at: int, most: int) -> tuple[bytes, int] | None:
    """Give the text of a frame and where it ends; None where it is no usual one.

    That is one that begins at `at`, is there as a whole, masked, a message of its own, of at most
    `most` bytes in UTF-8, and none whose length wants 8 bytes. What is wrong with another, or
    missing yet, is for others to say.
    """
    if len(data) < at + 2 or data[at] != FINAL_TEXT:
        return None
    length = data[at + 1] - MASKED
    start = at + 2
    if length == TWO_BYTES:
        start += 2
        length = int.from_bytes(data[at + 2 : start], "big")
        if length < TWO_BYTES:
            return None
    end = start + KEY + length
    if not 0 <= length <= most or len(data) < end or (length > 125 and start == at + 2):
        return None
    payload = unmasked(data[start + KEY : end], data[start : start + KEY])
    try:
        payload.decode()
    except UnicodeDecodeError:
        return None
    return payload, end


def frame(payload: bytes, is_binary: bool = False) -> bytes:
    """Give the one frame of a message of ours, which is not masked."""
    first, length = FINAL_BINARY if is_binary else FINAL_TEXT, len(payload)
    if length < TWO_BYTES:
        return bytes((first, length)) + payload
    if length < 1 << 16:
        return bytes((first, TWO_BYTES)) + length.to_bytes(2, "big") + payload
    return bytes((first, EIGHT_BYTES)) + length.to_bytes(8, "big") + payload


def unmasked(payload: bytes, key: bytes) -> bytes:
    """Take the mask off: each byte is XORed with one of the four of the key, in turn."""
    if key == NO_KEY:
        return payload
    size = len(payload)
    mask = (key * (size // KEY + 1))[:size]
    bits = int.from_bytes(payload, "little") ^ int.from_bytes(mask, "little")
    return bits.to_bytes(size, "little")
