/** Entropies in nats, and what two labelings tell of each other (Shannon 1948; Cover, Thomas, chapter 2). */

import { rememberedLog } from '../../core/logarithm.js';
import { weightedSum } from '../lloyd.js';
import type { Contingency } from './contingency.js';

/** -sum p ln p over classes of these sizes. */
export function entropy(sizes: Float64Array, n: number): number {
  const ln = rememberedLog();
  return weightedSum(
    sizes.map((size) => (size / n) * ln(n / size)),
    null,
  );
}

/** sum p_ij ln (p_ij / (p_i p_j)); exactly 0 where the labelings are independent. */
export function mutualInformation({ n, aSizes, bSizes, aOf, bOf, shared }: Contingency): number {
  const ln = rememberedLog();
  const parts = shared.map((count, cell) => (count / n) * ln((count * n) / (aSizes[aOf[cell]] * bSizes[bOf[cell]])));
  return Math.max(0, weightedSum(parts, null));
}
