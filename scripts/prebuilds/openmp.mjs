// The OpenMP runtime that a Linux prebuild brings along: the compiler's libgomp under a name of its own, so that neither a system
// without one nor another libgomp in the process matters.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** The path at which the compiler finds a file. */
export const compilersFile = (compiler, name) =>
  execFileSync(compiler, [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();

/**
 * Puts the renamed runtime into `folder`, once for the linker, which looks for libgomp.so, and once for the prebuild.
 * @returns the path of the second
 */
export function bundleOpenmp({ compiler, strip, patchelf, libc }, folder) {
  const name = `libgomp-corpuscle-${libc}.so.1`;
  const file = join(folder, name);
  mkdirSync(folder, { recursive: true });
  copyFileSync(realpathSync(compilersFile(compiler, 'libgomp.so.1')), file); // the file, never the link
  chmodSync(file, 0o644);
  execFileSync(strip, ['--strip-all', file]);
  execFileSync(patchelf, ['--set-soname', name, file]);
  // Until glibc 2.34 these were libraries of their own; later ones keep empty files of these names.
  if (libc === 'glibc') execFileSync(patchelf, ['--add-needed', 'libpthread.so.0', '--add-needed', 'libdl.so.2', file]);
  copyFileSync(file, join(folder, 'libgomp.so'));
  return file;
}
