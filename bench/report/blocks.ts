/** Generated parts of pages, between two comments that name them. */

import { readFileSync, writeFileSync } from 'node:fs';

/** Replaces the part `name` of a page. */
export function writeBlock(file: URL, name: string, text: string): void {
  const page = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- ${name}: begin, made by npm run bench:report -->`, `<!-- ${name}: end -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`${file.pathname} has no part ${name}: it needs the lines ${begin} and ${end}.`);
  writeFileSync(file, `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`);
}
