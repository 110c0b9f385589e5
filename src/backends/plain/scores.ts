import type { Scoring } from '../kernels.js';

/** The score of terms i and j that `count` documents hold both of; native/kernels/scores.hpp holds the same formulas. Sums are
 * bracketed so that (j, i) has the same bits, but for a smoothed ppmi. */
export type ScoreOf = (count: number, i: number, j: number) => number;

export function scoreOf({
  score,
  documents: n,
  frequency: f,
  logs,
  rowTerms,
  columnTerms,
  constant,
}: Scoring): ScoreOf {
  const information: ScoreOf = (count, i, j) => logs[count] + logs[n] - (rowTerms[i] + columnTerms[j]);
  switch (score) {
    case 'count':
      return (count) => count;
    case 'pmi':
      return (count, i, j) => information(count, i, j) / Math.LN2;
    case 'npmi':
      return (count, i, j) => {
        const rarity = logs[n] - logs[count];
        return rarity === 0 ? 1 : information(count, i, j) / rarity;
      };
    case 'ppmi':
      return (count, i, j) => {
        const shifted = information(count, i, j) / Math.LN2 - constant;
        return Math.max(shifted, 0);
      };
    case 'llr':
      return (a, i, j) => {
        const [b, c, d] = [f[i] - a, f[j] - a, n - f[i] - f[j] + a];
        const cells = a * logs[a] + d * logs[d] + (b * logs[b] + c * logs[c]);
        const ratio = 2 * (cells + constant - (rowTerms[i] + columnTerms[j]));
        const positive = Math.max(ratio, 0); // rounding may leave less
        return a * n < f[i] * f[j] ? 0 - positive : positive;
      };
    case 'dice':
      return (count, i, j) => (2 * count) / (f[i] + f[j]);
    case 'jaccard':
      return (count, i, j) => count / (f[i] + f[j] - count);
    case 'chi2':
      return (count, i, j) => {
        const margins = f[i] * (n - f[i]) * (f[j] * (n - f[j]));
        if (margins === 0) return 0;
        const excess = count * n - f[i] * f[j]; // ad - bc
        const square = n * ((excess * excess) / margins);
        return excess < 0 ? 0 - square : square;
      };
    case 't':
      return (count, i, j) => (count - (f[i] * f[j]) / n) / Math.sqrt(count);
  }
}
