/** One source, from its bytes to its documents. */

import { Batch, type Batches, type ReadProgress } from './batch.js';
import { type Bytes, type ByteWatch, fileBytes, stdinBytes } from './bytes.js';
import { readCsv } from './csv.js';
import { gunzipped } from './gunzip.js';
import type { Source } from './inputs.js';
import { jsonLineParser } from './jsonl.js';
import { readLines } from './lines.js';
import type { ResolvedOptions } from './options.js';
import { tarMember } from './tar.js';
import { withoutMark } from './text.js';
import { readWholeFile } from './whole-file.js';

export function readSource(
  source: Source,
  options: ResolvedOptions,
  progress: ReadProgress,
  watch: Omit<ByteWatch, 'stop'>,
): Batches {
  const { maxLineBytes, header, quotes, textField } = options;
  const batch = new Batch(source.name, options.skipBadLines, progress);
  const bytes = withoutMark(source.name, unpackedBytes(source, options, { ...watch, stop: new AbortController() }));
  switch (source.format) {
    case 'txt':
      return readLines(bytes, batch, maxLineBytes, (line) => line);
    case 'jsonl':
      return readLines(bytes, batch, maxLineBytes, jsonLineParser(String(textField ?? 'text')));
    case 'csv':
    case 'tsv': {
      const delimiter = options.delimiter ?? (source.format === 'csv' ? ',' : '\t');
      return readCsv(bytes, batch, { delimiter, quotes, maxLineBytes, textField, header });
    }
    case 'file':
      return readWholeFile(bytes, batch, maxLineBytes);
  }
}

/** The bytes below gzip, and below tar and another gzip in an archive. */
function unpackedBytes({ path, name, size, archive }: Source, options: ResolvedOptions, watch: ByteWatch): Bytes {
  const stored = path === undefined ? stdinBytes(watch) : fileBytes(path, size, watch);
  const bytes = gunzipped(path ?? name, stored, options, watch.stop);
  if (!archive) return bytes;
  return gunzipped(name, tarMember(path ?? 'stdin', bytes, options.member, watch.stop), options, watch.stop);
}
