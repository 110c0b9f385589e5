/** How a contender's process is started. */

import type { Limits } from '#src/bench/process.js';
import type { VariantStart } from '#src/bench/variant.js';
import type { Contender, Task } from './tasks/task.js';

/** Time for a process to start and to read its input, in seconds. */
const preparation = 60;

export function startOf(task: Task, { name, module, threads }: Contender, folder: string): VariantStart {
  return {
    module: new URL(`./tasks/${module}.js`, import.meta.url).href,
    args: { ...task.args, folder, backend: name, threads },
    nodeFlags: ['--max-old-space-size=8192'], // some libraries need more than Node gives by itself
    quiet: { threads },
  };
}

/** After what time a process is ended that its plan did not foresee. */
export function limitsOf({ maxSeconds }: { maxSeconds: number }): Limits {
  return { limitSeconds: preparation + 2 * maxSeconds };
}
