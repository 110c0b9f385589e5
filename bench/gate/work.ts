/** Gate C: what the kernels did, counted exactly by themselves, and what came out. */

import { buildKernels, commonRows, type KernelRun, runKernel } from './kernels.js';
import type { Tree } from './trees.js';

export interface WorkRow {
  readonly row: string;
  readonly base: KernelRun;
  readonly head: KernelRun;
  readonly verdict: 'ok' | 'less' | 'more' | 'other result';
}

/** Compares the rows that both trees have and `wanted` takes. */
export async function workGate(base: Tree, head: Tree, wanted: (row: string) => boolean): Promise<WorkRow[]> {
  const builds = { base: await buildKernels(base, 'baseline'), head: await buildKernels(head, 'baseline') };
  const rows: WorkRow[] = [];
  for (const row of (await commonRows(builds)).filter(wanted)) {
    const before = await runKernel(builds.base, row);
    const after = await runKernel(builds.head, row);
    rows.push({ row, base: before, head: after, verdict: verdictOf(before, after) });
  }
  return rows;
}

export function verdictOf(base: KernelRun, head: KernelRun): WorkRow['verdict'] {
  if (base.digest !== head.digest) return 'other result';
  const changes = Object.keys(head.work).map((name) => head.work[name] - (base.work[name] ?? head.work[name]));
  return changes.some((change) => change > 0) ? 'more' : changes.some((change) => change < 0) ? 'less' : 'ok';
}
