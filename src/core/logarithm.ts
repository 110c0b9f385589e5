/**
 * The natural logarithm of the reference: `expected` answers of scikit-learn were computed by a NumPy whose `log` has its
 * own last bit (AVX-512, NumPy 1.22 to 1.26), and clusters hang on that bit (docs/decisions/003-the-last-bit.md). Like
 * every logarithm of the library it is taken here, once, so that no backend and no engine has another one.
 *
 * The method is table-driven (Tang 1990): x = 2^e m; R is 1 / m rounded to 1/32, so f = R m - 1 is small and exact, and
 * ln x = e ln 2 - ln R + ln(1 + f), the last by a polynomial. Error: at most 2 units in the last place.
 */

/** Where R falls from (32 - i) / 32 to (31 - i) / 32 as m grows from 1 to 2. */
const steps = [
  0x1040f, 0x10c97, 0x115b4, 0x11f70, 0x129e6, 0x13523, 0x14143, 0x14e5f, 0x15c99, 0x16c15, 0x17d07, 0x18f9c, 0x1a41a,
  0x1bad0, 0x1d41c, 0x1f080,
].map((step) => step / 0x10000);

/** -ln R for R = (16 + i) / 32; below 3/4, -ln 2R, and e is one more. */
const minusLnR = [
  0, -0.06062462181643484, -0.11778303565638346, -0.17185025692665923, -0.22314355131420976, -0.27193371548364176,
  -0.3184537311185346, -0.3629054936893685, 0.2876820724517809, 0.24686007793152578, 0.2076393647782445,
  0.16989903679539747, 0.13353139262452263, 0.09844007281325252, 0.06453852113757118, 0.0317486983145803,
];

/** The coefficients of f^9 down to f^2. */
const polynomial = [
  0.11135561406034511, -0.125220000081181, 0.14285690939597326, -0.16666650546695666, 0.20000000009280938,
  -0.2500000000437373, 0.33333333333332005, -0.4999999999999968,
];

/** ln x. */
export function log(x: number): number {
  if (!(x >= 2 ** -1022 && x < Number.POSITIVE_INFINITY)) return Math.log(x);
  let exponent = Math.floor(Math.log2(x));
  if (x / 2 ** exponent >= 2) exponent += 1;
  if (x / 2 ** exponent < 1) exponent -= 1;
  const mantissa = x / 2 ** exponent;
  const passed = steps.findIndex((step) => mantissa < step);
  const thirtySeconds = 32 - (passed < 0 ? steps.length : passed);
  const reciprocal = thirtySeconds / 32;
  if (reciprocal < 0.75) exponent += 1;
  const [c9, c8, c7, c6, c5, c4, c3, c2] = polynomial;
  const f = fma(reciprocal, mantissa, -1);
  const f2 = f * f;
  const high = fma(f2, fma(f, c9, c8), fma(f, c7, c6));
  const low = fma(f2, fma(f, c5, c4), fma(f, c3, c2));
  const tail = fma(f2, fma(f2 * f2, high, low), f);
  return fma(Math.LN2, exponent, minusLnR[thirtySeconds % 16] + tail);
}

/** `log` that remembers what it was asked for: collections have few different counts. */
export function rememberedLog(): (x: number) => number {
  const known = new Map<number, number>();
  return (x) => {
    const value = known.get(x) ?? log(x);
    known.set(x, value);
    return value;
  };
}

/** a b + c with one rounding (Boldo, Melquiond 2008: the two low parts are added by rounding to odd). */
export function fma(a: number, b: number, c: number): number {
  const [product, productLow] = twoProduct(a, b);
  const [sum, sumLow] = twoSum(c, productLow);
  const [high, highLow] = twoSum(product, sum);
  return high + sumToOdd(highLow, sumLow);
}

/** a + b and its rounding error (Knuth). */
function twoSum(a: number, b: number): [number, number] {
  const sum = a + b;
  const other = sum - a;
  return [sum, a - (sum - other) + (b - other)];
}

/** a b and its rounding error (Dekker, Veltkamp). */
function twoProduct(a: number, b: number): [number, number] {
  const product = a * b;
  const [aHigh, aLow] = split(a);
  const [bHigh, bLow] = split(b);
  return [product, aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

function split(a: number): [number, number] {
  const scaled = 134217729 * a; // 2^27 + 1
  const high = scaled - (scaled - a);
  return [high, a - high];
}

const view = new DataView(new ArrayBuffer(8));

/** a + b; where that is not exact, the neighbour whose last bit is set. */
function sumToOdd(a: number, b: number): number {
  const [sum, error] = twoSum(a, b);
  view.setFloat64(0, sum);
  const bits = view.getBigInt64(0);
  if (error === 0 || (bits & 1n) === 1n) return sum;
  view.setBigInt64(0, bits + (error > 0 === sum > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
