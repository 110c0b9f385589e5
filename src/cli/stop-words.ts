/** What `--stop-words` names: a list of the library, or a file of words. */

import { readFile } from 'node:fs/promises';
import { failure } from '../core/check.js';
import type { CountVectorizerOptions } from '../index.js';

export async function stopWordsOf(list: string | undefined): Promise<Pick<CountVectorizerOptions, 'stopWords'>> {
  if (list === undefined) return {};
  return { stopWords: list === 'english' ? list : await wordsOf(list) };
}

/** The words of a file, separated by white space. */
async function wordsOf(path: string): Promise<string[]> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const why =
      cause.code === 'ENOENT'
        ? "does not exist; --stop-words takes 'english' or a file"
        : `cannot be read: ${cause.code}`;
    throw failure('ERR_NO_SUCH_FILE', `${path} ${why}.`, { cause });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\s+/).filter(Boolean);
  } catch (cause) {
    throw failure('ERR_NOT_TEXT', `${path} is not UTF-8 text, so it holds no stop words.`, { cause });
  }
}
