/** Temp folders, files of every kind and a stdin, for the tests of reading documents. */

import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { onTestFinished, vi } from 'vitest';
import { DocumentReader, type DocumentRecord, type ReadDocumentsOptions } from '#src/io/documents.js';

/** Writes files (name to content) into a new folder, which goes when the test ends, and returns its path. */
export async function folderOf(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'corpuscle-io-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

export async function fileOf(name: string, content: string | Buffer): Promise<string> {
  return join(await folderOf({ [name]: content }), name);
}

/** A tar archive of files, name to content. */
export async function tarOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Puts a stream in the place of stdin until the test ends. */
export function stdinOf(content: Iterable<Buffer> | Readable): Readable {
  const stream = content instanceof Readable ? content : Readable.from(content, { objectMode: false });
  const spy = vi.spyOn(process, 'stdin', 'get').mockReturnValue(stream as unknown as typeof process.stdin);
  onTestFinished(() => spy.mockRestore());
  return stream;
}

/** The bytes one at a time, so that every character, quote and line end is split over chunks. */
export function* byteByByte(content: string | Buffer): Generator<Buffer> {
  for (const byte of Buffer.from(content)) yield Buffer.of(byte);
}

export async function recordsOf(
  inputs: string | readonly string[],
  options?: ReadDocumentsOptions,
): Promise<DocumentRecord[]> {
  const records: DocumentRecord[] = [];
  for await (const record of new DocumentReader(inputs, options)) records.push(record);
  return records;
}

export async function textsOf(inputs: string | readonly string[], options?: ReadDocumentsOptions): Promise<string[]> {
  return (await recordsOf(inputs, options)).map(({ text }) => text);
}

/** What a reading that fails gave before, and its error. */
export async function failureOf(
  inputs: string | readonly string[],
  options?: ReadDocumentsOptions,
): Promise<{ texts: string[]; code: string; message: string; name: string; cause: unknown }> {
  const texts: string[] = [];
  try {
    for await (const { text } of new DocumentReader(inputs, options)) texts.push(text);
  } catch (error) {
    const { code, message, name, cause } = error as Error & { code: string };
    return { texts, code, message, name, cause };
  }
  throw new Error(`The reading did not fail; it gave ${JSON.stringify(texts)}.`);
}

/** Descriptors of this process that are open on files below a folder (Linux). */
export async function openFilesBelow(folder: string): Promise<string[]> {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return (await Promise.all(links)).filter((path) => path.startsWith(folder));
}
