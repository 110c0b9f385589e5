/** From what the caller names (files, folders, globs, stdin) to the list of files to read. */

import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, shown } from '../core/check.js';
import { AbortError } from '../core/job.js';
import { printable, unreadable } from './bytes.js';
import { type DocumentFormat, documentFormats, formatAmongMany, formatOfName, isArchiveName } from './formats.js';
import type { ResolvedOptions } from './options.js';

/** One thing to read. */
export interface Source {
  /** A path; undefined is stdin. */
  readonly path: string | undefined;
  /** What messages and documents call it. */
  readonly name: string;
  readonly format: DocumentFormat;
  /** Whether it is a tar archive, of which one member is read. */
  readonly archive: boolean;
  /** Bytes as stored; undefined for what is not a regular file. */
  readonly size: number | undefined;
}

/** Finds the sources of every input, in the order given; folders and globs in the order of their paths. */
export async function findSources(inputs: readonly string[], options: ResolvedOptions): Promise<Source[]> {
  const sources: Source[] = [];
  for (const input of inputs) {
    throwIfAborted(options);
    for (const source of await sourcesOf(input, options)) sources.push(source);
  }
  for (const source of sources) checkFields(source, options);
  return sources;
}

async function sourcesOf(input: string, options: ResolvedOptions): Promise<Source[]> {
  if (input === '-') return [namedSource(undefined, undefined, options)];
  const stats = await statsOf(input);
  if (stats?.isDirectory()) return manySources(input, await filesBelow(input, options), true, options);
  if (stats !== undefined) return [namedSource(input, sizeOf(stats), options)];
  const { glob, isDynamicPattern } = await import('tinyglobby'); // when there may be a pattern
  if (!isDynamicPattern(input)) throw failure('ERR_NO_SUCH_FILE', `${printable(input)} does not exist.`);
  const pattern = process.platform === 'win32' ? input.replaceAll('\\', '/') : input;
  const paths = await glob(pattern, { expandDirectories: false });
  return manySources(input, paths, false, options);
}

/** The stats of a path; undefined where nothing has that name, so that it may be a pattern. */
async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
}

function sizeOf(stats: Stats): number | undefined {
  return stats.isFile() ? stats.size : undefined;
}

/** Stdin, or a file that is named itself: it must be clear what it holds. A pipe is read as lines, like stdin. */
function namedSource(path: string | undefined, size: number | undefined, options: ResolvedOptions): Source {
  const { member } = options;
  const archive = member !== undefined || (path !== undefined && isArchiveName(path));
  const byName = archive ? (member === undefined ? 'file' : formatOfName(member)) : formatOfName(path ?? '');
  const format = options.format === 'auto' ? (byName ?? (size === undefined ? 'txt' : undefined)) : options.format;
  const name = path ?? 'stdin';
  if (format === undefined) {
    const list = documentFormats.map((each) => `'${each}'`).join(', ');
    const what = archive ? `member ${shown(member)} of ${name}` : name;
    throw failure('ERR_INVALID_ARG_VALUE', `The name of ${what} says no format; give format as one of ${list}.`);
  }
  return { path, name: archive && member !== undefined ? `${name}:${member}` : name, format, archive, size };
}

/** Files that were found, not named: those of other kinds are passed over. */
async function manySources(
  input: string,
  paths: readonly string[],
  isFolder: boolean,
  options: ResolvedOptions,
): Promise<Source[]> {
  const wanted = paths.filter((path) => isWanted(path, isFolder, options)).sort((a, b) => (a < b ? -1 : 1));
  if (wanted.length === 0) {
    const files = options.format === 'auto' ? (isFolder ? 'text' : 'known') : options.format;
    const found = paths.length === 0 ? 'no files' : `none of the ${files} kind among its ${paths.length} files`;
    throw failure('ERR_NO_SUCH_FILE', `${input} ${isFolder ? 'holds' : 'matches'} ${found}.`);
  }
  const sources: Source[] = [];
  const atOnce = 64;
  for (let first = 0; first < wanted.length; first += atOnce) {
    throwIfAborted(options);
    const some = wanted.slice(first, first + atOnce);
    sources.push(...(await Promise.all(some.map((path) => foundSource(path, options)))));
  }
  return sources;
}

async function foundSource(path: string, options: ResolvedOptions): Promise<Source> {
  const stats = await stat(path).catch((error) => {
    throw unreadable(path, error);
  });
  const format = options.format === 'auto' ? formatAmongMany(path) : options.format;
  if (format === undefined || isArchiveName(path)) return namedSource(path, sizeOf(stats), options);
  return { path, name: path, format, archive: false, size: sizeOf(stats) };
}

function isWanted(path: string, isFolder: boolean, { format }: ResolvedOptions): boolean {
  if (!isFolder) return format !== 'auto' || isArchiveName(path) || formatOfName(path) !== undefined;
  return format === 'auto' || format === 'file' ? formatAmongMany(path) === 'file' : formatOfName(path) === format;
}

/** Every file below a folder, without those whose name, or folder, starts with a dot; linked folders are not entered. */
async function filesBelow(folder: string, options: ResolvedOptions): Promise<string[]> {
  throwIfAborted(options);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw unreadable(folder, error);
  });
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) for (const file of await filesBelow(path, options)) files.push(file);
    else if (entry.isFile() || (entry.isSymbolicLink() && (await statsOf(path))?.isFile())) files.push(path);
  }
  return files;
}

/** A field asked for of a format without fields is a mistake that would cluster raw lines in silence. */
function checkFields({ name, format, archive }: Source, { textField, member }: ResolvedOptions): void {
  if (archive && member === undefined) return; // refused later, with the names of its members
  if (textField !== undefined && (format === 'txt' || format === 'file')) {
    const fields = "which has no fields; format must then be 'csv', 'tsv' or 'jsonl'";
    throw failure(
      'ERR_INVALID_ARG_VALUE',
      `textField is ${shown(textField)}, but ${name} is read as '${format}', ${fields}.`,
    );
  }
  if (typeof textField === 'number' && format === 'jsonl') {
    throw failure(
      'ERR_INVALID_ARG_VALUE',
      `textField must be a name for ${name}, which is jsonl, but is ${textField}.`,
    );
  }
}

function throwIfAborted({ signal }: ResolvedOptions): void {
  if (signal?.aborted) throw new AbortError(signal.reason);
}
