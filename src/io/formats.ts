/** Which format a file's name stands for. */

/** How documents lie in a file: `txt` is a document a line, `file` a document a file. */
export type DocumentFormat = 'csv' | 'tsv' | 'jsonl' | 'txt' | 'file';

export const documentFormats = ['csv', 'tsv', 'jsonl', 'txt', 'file'] as const;

/** What each ending means for a file that is named itself. */
const formatsByEnding: Readonly<Record<string, DocumentFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  txt: 'txt',
  text: 'txt',
  md: 'file',
  markdown: 'file',
  html: 'file',
  htm: 'file',
  rst: 'file',
};

/** The format that a name stands for, below `.gz`; undefined where its ending says nothing. */
export function formatOfName(name: string): DocumentFormat | undefined {
  const ending = /\.([a-z]+)(?:\.gz)?$/.exec(name.toLowerCase())?.[1] ?? '';
  return Object.hasOwn(formatsByEnding, ending) ? formatsByEnding[ending] : undefined;
}

/** The same for a file of a folder or a glob, where each piece of prose, `.txt` too, is one document. */
export function formatAmongMany(name: string): DocumentFormat | undefined {
  const format = formatOfName(name);
  return format === 'txt' ? 'file' : format;
}

export function isArchiveName(name: string): boolean {
  return /\.(?:tar|tgz|tar\.gz)$/i.test(name);
}
