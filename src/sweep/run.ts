/** One fit: that of a k from one seed. */
export interface SweepRun {
  readonly randomState: number;
  readonly inertia: number;
  readonly nIter: number;
  /** The cluster of each row. */
  readonly labels: Int32Array;
  /** How long the fit took; the first one from a seed also chooses the start centers of other k. */
  readonly seconds: number;
}

/** The run with the smallest inertia, of equal ones the first. */
export function bestOf<R extends Pick<SweepRun, 'inertia'>>(runs: readonly R[]): R {
  return runs.reduce((best, run) => (run.inertia < best.inertia ? run : best));
}
