/** Files for the cases: written into a folder of their own, which goes when the process ends. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pack } from 'tar-stream';
import { readDocuments } from '../../../dist/esm/index.js';

const folder = mkdtempSync(join(tmpdir(), 'corpuscle-hostile-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let number = 0;

/** The path of a new file. */
export function file(name, content) {
  const path = join(folder, String(number++), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** All documents of a file. */
export async function read(name, content, options) {
  const texts = [];
  for await (const text of readDocuments(file(name, content), options)) texts.push(text);
  return texts;
}

/** A case that is refused, and one whose documents are known. */
export const refused = (name, [path, content, options], code, names) => ({
  name,
  call: () => read(path, typeof content === 'function' ? content() : content, options),
  code,
  names,
});
export const taken = (name, [path, content, options], wanted) => ({
  name,
  call: () => read(path, typeof content === 'function' ? content() : content, options),
  gives: typeof wanted === 'function' ? wanted : (texts) => JSON.stringify(texts) === JSON.stringify(wanted),
});

/** A tar archive of [header, content] pairs. */
export async function tarOf(entries) {
  const archive = pack();
  for (const [header, content = ''] of entries) archive.entry(header, content);
  archive.finalize();
  const chunks = [];
  for await (const chunk of archive) chunks.push(chunk);
  return Buffer.concat(chunks);
}
