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

/**
 * Node, and the arguments to start it with, on the last core alone, where the system has a program for that. A call goes to the
 * compute thread and back; to wake another core for that takes a virtual machine as long as some of the work.
 */
export function nodeOnOneCore(): readonly [program: string, ...args: string[]] {
  oneCore ??= found();
  return oneCore;
}

let oneCore: readonly [string, ...string[]] | undefined;

function found(): readonly [string, ...string[]] {
  const args = ['-c', String(availableParallelism() - 1), process.execPath];
  return spawnSync('taskset', [...args, '--version']).status === 0 ? ['taskset', ...args] : [process.execPath];
}
