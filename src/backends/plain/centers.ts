/** Centers of clusters, kept transposed: one row of k cells a term. */

/** A squared distance that rounding may have made negative. */
// biome-ignore lint/complexity/useMathMinMax: unlike Math.max, it takes NaN to 0, as C++ does
export const positive = (squared: number) => (squared > 0 ? squared : 0);

/**
 * The terms in the order in which NumPy's einsum adds on x86-64, for scikit-learn has the norms of its centers from there: two lanes,
 * even and odd terms, each taking terms by eights from the last pair of them to the first. Which of two centers is the nearer
 * one for a row that shares no term with either hangs on the last bit of these sums.
 */
export function inOrderOfEinsum(p: number, add: (term: number, lane: number) => void): void {
  const whole = p - (p % 8);
  for (let first = 0; first < whole; first += 8) {
    for (let pair = 6; pair >= 0; pair -= 2) {
      add(first + pair, 0);
      add(first + pair + 1, 1);
    }
  }
  for (let term = whole; term < p; term++) add(term, term % 2);
}

/** The center of the smallest |center|^2 - 2 row.center, the lowest number on a tie; |row|^2 is the same for all centers. */
export function nearestCenter(norms: Float64Array, products: Float64Array): number {
  let nearest = Number.POSITIVE_INFINITY;
  let label = 0;
  for (let j = 0; j < norms.length; j++) {
    const distance = norms[j] - 2 * products[j];
    if (distance < nearest) {
      nearest = distance;
      label = j;
    }
  }
  return label;
}

/** The transpose of a row-major n x m matrix. */
export function transposed(values: Float64Array, n: number, m: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) out[j * n + i] = values[i * m + j];
  }
  return out;
}
