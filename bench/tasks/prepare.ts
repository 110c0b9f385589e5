/** What one of our tasks is made from and made into. */

import type { Answer } from '#src/bench/answer.js';
import type { Variant } from '#src/bench/variant.js';
import type { BackendName } from '#src/index.js';

export interface TaskArgs {
  readonly folder: string;
  readonly backend: BackendName;
  readonly threads: number;
}

export type Prepare<Args extends TaskArgs = TaskArgs> = (args: Args) => Promise<Variant>;

/** Ties the type of the answer's argument to that of the result. */
export function variant<Result>(run: () => Promise<Result>, answer: (result: Result) => Answer): Variant {
  return { run, answer };
}
