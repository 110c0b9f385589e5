/** What keeps a machine's moods out of the times of a process. */

import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * glibc keeps what is freed, so that only a process's first run touches fresh pages: what these cost depends on the host, and
 * hid everything else. Blocks above 32 MB, the most that it takes, are fresh each time.
 */
export const keptMemory = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: String(2 ** 25),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 40),
  MALLOC_TOP_PAD_: String(2 ** 26),
};

/** V8 frees on the thread that runs, when it is told to, and not on others while the next run is timed. */
export const quietCollector = '--single-threaded-gc';

/**
 * A program, and the arguments to start it with, on the last core alone, where the system has a program for that. A call of ours goes
 * to the compute thread and back; to wake another core for that takes a virtual machine as long as some of the work.
 */
export function onOneCore(program: string): readonly [program: string, ...args: string[]] {
  const args = ['-c', String(availableParallelism() - 1), program] as const;
  canPin ??= spawnSync('taskset', [...args, '--version']).status === 0;
  return canPin ? ['taskset', ...args] : [program];
}

let canPin: boolean | undefined;
