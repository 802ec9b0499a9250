const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 (IEEE 802.3, as in zip and PNG) of the bytes, as an unsigned number. */
export function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  // Counted by index: iterating a Uint8Array is several times slower.
  for (let at = 0; at < bytes.length; at += 1) {
    sum = (sum >>> 8) ^ (TABLE[(sum ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

const CHECKSUM_BYTES = 4;

/** The bytes with their checksum behind them. */
export function seal(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(body.length + CHECKSUM_BYTES);
  message.set(body);
  new DataView(message.buffer).setUint32(body.length, crc32(body), true);
  return message;
}

/** The bytes before the checksum, or undefined when it is not theirs. */
export function unseal(message: Uint8Array): Uint8Array | undefined {
  const end = message.length - CHECKSUM_BYTES;
  if (end < 0) return undefined;
  const body = message.subarray(0, end);
  const view = new DataView(message.buffer, message.byteOffset + end, CHECKSUM_BYTES);
  return view.getUint32(0, true) === crc32(body) ? body : undefined;
}
