/** How a document stands in a file: a line each. The text has no line ends. */

import type { SyntheticDocument } from './synthetic.js';

export const formats = {
  /** Two quoted columns without names, as in the file of the book: stars, text. */
  csv: ({ text, stars }) => `"${stars}","${text.replaceAll('"', '""')}"\n`,
  txt: ({ text }) => `${text}\n`,
  jsonl: ({ text, stars }) => `${JSON.stringify({ stars, text })}\n`,
} satisfies Record<string, (document: SyntheticDocument) => string>;

export type FormatName = keyof typeof formats;

export function* lines(documents: Iterable<SyntheticDocument>, format: FormatName): Generator<string> {
  for (const document of documents) yield formats[format](document);
}
