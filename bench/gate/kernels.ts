/** The kernel programs of a tree: C++ without Node, one thread, one row of work a run. */

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execute, say } from './shell.js';
import { gateFolder, prepareTree, type Tree } from './trees.js';

/** The instruction sets that the programs are compiled for; valgrind knows AVX2, but not AVX-512. */
export const paths: Readonly<Record<string, readonly string[]>> = {
  baseline: [],
  ...(process.arch === 'x64' && { avx2: ['-DCORPUSCLE_ARCH=x86-64-v3'] }),
};

/** What a run prints. */
export interface KernelRun {
  readonly digest: string;
  /** Exact numbers of what the kernel did: updates, distances, probes. */
  readonly work: Readonly<Record<string, number>>;
}

export const hasKernelPrograms = ({ folder }: Tree): boolean => existsSync(join(folder, 'native', 'bench'));

/** Compiles a tree's kernel program for one of `paths`; returns the folder it is in. */
export async function buildKernels(tree: Tree, path: string): Promise<string> {
  await prepareTree(tree);
  const build = join(gateFolder, 'kernels', `${tree.name}-${path}`);
  say(`${tree.name}: building the kernel programs, ${path}`);
  const options = ['-DCMAKE_BUILD_TYPE=Release', '-DCORPUSCLE_KERNEL_BENCH=ON', ...paths[path]];
  await execute('cmake', ['-S', tree.folder, '-B', build, ...options]);
  await execute('cmake', ['--build', build, '--parallel', String(availableParallelism()), '--target', 'kernel_bench']);
  return build;
}

/** The rows that the programs of both trees have. */
export async function commonRows(builds: { base: string; head: string }): Promise<string[]> {
  const listed = async (build: string) => (await execute(join(build, 'kernel_bench'), ['list'])).trim().split(/\s+/);
  const known = await listed(builds.base);
  return (await listed(builds.head)).filter((row) => known.includes(row));
}

/** The arguments that make a small run of a row, the same on every machine. */
export const runArguments = (row: string): string[] => [
  ...['run', row],
  ...['--documents', '2000', '--threads', '1', '--repeats', '1'],
];

export async function runKernel(build: string, row: string): Promise<KernelRun> {
  return JSON.parse(await execute(join(build, 'kernel_bench'), runArguments(row))) as KernelRun;
}
