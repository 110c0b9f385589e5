/** The film reviews, where they are: see `CORPUSCLE_DATA`. */

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { readDocuments } from '#src/index.js';

const folder = () => process.env.CORPUSCLE_DATA ?? '../shared/data';
const file = () => join(folder(), 'imdb-reviews.jsonl.gz');

export async function haveReviews(): Promise<boolean> {
  return access(file()).then(
    () => true,
    () => false,
  );
}

/** The first `size` reviews. */
export async function* reviews(size: number): AsyncGenerator<string> {
  if (!(await haveReviews())) {
    throw new Error(`The reviews are not in ${folder()}; set CORPUSCLE_DATA to the folder of imdb-reviews.jsonl.gz.`);
  }
  let found = 0;
  for await (const text of readDocuments(file(), { textField: 'text', limit: size })) {
    found++;
    yield text;
  }
  if (found < size) throw new Error(`${file()} has ${found} reviews, but ${size} were asked for.`);
}
