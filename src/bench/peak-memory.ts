/** The highest resident memory of this process since a moment. */

import { readFileSync, writeFileSync } from 'node:fs';

/** Starts to watch; the function returned gives the bytes by which the process grew beyond what it was at its highest. */
export function watchPeakMemory(): () => number {
  const start = process.memoryUsage.rss();
  try {
    writeFileSync('/proc/self/clear_refs', '5'); // Linux: the high-water mark falls back to what is resident now
  } catch {
    // elsewhere the mark holds since the process began
  }
  return () => Math.max(0, highWaterMark() - start);
}

function highWaterMark(): number {
  try {
    const kilobytes = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
    if (kilobytes !== null) return Number(kilobytes[1]) * 1024;
  } catch {
    // not Linux
  }
  return process.resourceUsage().maxRSS * 1024;
}
