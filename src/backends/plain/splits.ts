/** Sums without rounding but that of the result, whatever the order (Demmel, Nguyen 2013, with two bins): twin of moving_sums.cpp. */

/**
 * What splits each of some numbers in two: `high = x + split - split` is a multiple of a unit, and sums of the high parts stay below 2^53
 * units; the rest, x - high, is half a unit at most, and sums of that stay below 2^53 of the lowest bit that is set in any. 0 where the
 * bits lie too far apart for that: all of x is high then, and sums are rounded one addition after the other.
 */
export function splitOf(begin: number, end: number, number: (at: number) => number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let at = begin; at < end; at++) {
    const size = Math.abs(number(at));
    largest = Math.max(largest, size);
    if (size > 0) lowest = Math.min(lowest, lowestBit(size));
  }
  if (!(largest > 0 && largest < 2 ** 900)) return 0;
  const power = powerOfTwo(4 * Math.max(end - begin, 2) * largest);
  return (end - begin) * (power * 2 ** -53) <= lowest * 2 ** 53 ? 0.75 * power : 0;
}

/** The least power of two that is no smaller than x > 0 (Rump, Ogita, Oishi 2008). */
function powerOfTwo(x: number): number {
  const large = x * 2 ** 53;
  return Math.abs(large - x - large);
}

const double = new DataView(new ArrayBuffer(8));

/** What the lowest bit counts that is set in x > 0. */
function lowestBit(x: number): number {
  double.setFloat64(0, x);
  const low = double.getUint32(4);
  const high = double.getUint32(0);
  if (low !== 0) double.setUint32(4, low & (low - 1));
  else if ((high & 0xfffff) !== 0) double.setUint32(0, high & (high - 1));
  else return x;
  return x - double.getFloat64(0);
}
