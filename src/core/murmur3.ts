/**
 * MurmurHash3 for 32 bits (Appleby 2011, public domain) of bytes [start, end), as a signed integer; scikit-learn's
 * `murmurhash3_32`.
 */
export function murmur3(bytes: Uint8Array, start: number, end: number, seed: number): number {
  const whole = start + ((end - start) & ~3);
  let hash = seed | 0;
  for (let at = start; at < whole; at += 4) {
    hash ^= scrambled(bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
    hash = (Math.imul(rotated(hash, 13), 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let at = end - 1; at >= whole; at--) rest = (rest << 8) | bytes[at];
  if (whole < end) hash ^= scrambled(rest);
  hash ^= end - start;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function rotated(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

function scrambled(block: number): number {
  return Math.imul(rotated(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
}
