/** The greatest number that a half takes, rounding included. */
const GREATEST = 65_520;

/**
 * The 16 bits of the IEEE 754 half that is nearest to a 32-bit float given by its bits, ties to even. Null where there is none: for
 * infinities, what is no number, and what is too great.
 */
export function halfOf(bits: number): number | null {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  // Below 2^-25 the nearest half is zero; below 2^-14 halves are evenly spaced.
  if (exponent < 102) return sign;
  if (exponent < 113) {
    const shift = 126 - exponent;
    return sign | rounded(fraction | 0x800000, shift);
  }
  if (exponent > 142) return null;
  const half = rounded(((exponent - 112) << 23) | fraction, 13);
  return half >= 0x7c00 ? null : sign | half;
}

/** `value` without its last `shift` bits, rounded to nearest, ties to even. */
function rounded(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  return rest > middle || (rest === middle && (kept & 1) === 1) ? kept + 1 : kept;
}

/** Rewrites little-endian 32-bit floats as halves; null where one of them has no half. The length is a multiple of 4. */
export function halves(floats: Uint8Array): Uint8Array | null {
  const from = new DataView(floats.buffer, floats.byteOffset, floats.byteLength);
  const made = new Uint8Array(floats.byteLength / 2);
  const to = new DataView(made.buffer);
  for (let at = 0; at < floats.byteLength; at += 4) {
    const half = halfOf(from.getUint32(at, true));
    if (half === null) return null;
    to.setUint16(at / 2, half, true);
  }
  return made;
}

/** Whether every one of the little-endian 32-bit floats is a finite number within a half's reach. */
export function areFinite(floats: Uint8Array): boolean {
  const from = new DataView(floats.buffer, floats.byteOffset, floats.byteLength);
  for (let at = 0; at < floats.byteLength; at += 4) {
    if (!(Math.abs(from.getFloat32(at, true)) < GREATEST)) return false;
  }
  return true;
}
