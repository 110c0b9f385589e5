/** What the figures were measured on and with. */

import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { type BackendInfo, backendInfo } from '#src/index.js';
import { libraryVersion } from './library.js';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  /** Runs per core waiting when the measurement began; above 0.5 others were at work. */
  readonly load: number;
}

export function thisMachine(): Machine {
  const cores = availableParallelism();
  const cpu = cpus()[0]?.model.replace(/\s+/g, ' ').trim() || arch();
  const system = `${platform()} ${release()} ${arch()}`;
  return { cpu, cores, memoryBytes: totalmem(), system, load: loadavg()[0] / cores };
}

/** A name for a folder. */
export function machineSlug({ cpu, cores }: Machine): string {
  const words = cpu.toLowerCase().replace(/\(r\)|\(tm\)|processor|cpu|@.*/g, '');
  return `${words.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}-${cores}-cores`;
}

export interface Software {
  readonly node: string;
  readonly corpuscle: string;
  readonly backend: BackendInfo;
  /** What the kernels are compiled with. */
  readonly flags: readonly string[];
  readonly libraries: Readonly<Record<string, string>>;
}

export function thisSoftware(libraries: readonly string[]): Software {
  const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  return {
    node: process.versions.node,
    corpuscle: JSON.parse(read('package.json')).version,
    backend: backendInfo(),
    flags: JSON.parse(read('native/binding.gyp')).targets[0].cflags_cc,
    libraries: Object.fromEntries(libraries.map((name) => [name, libraryVersion(name)])),
  };
}
