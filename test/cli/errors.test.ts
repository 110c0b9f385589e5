import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { corpuscle, folderOf, jsonLines, reviewLines, reviews } from './support.js';

/** Runs in a folder with some files, and returns the code and the one line on standard error. */
async function refusal(...args: string[]): Promise<[number | null, string]> {
  const folder = folderOf({
    'reviews.txt': reviewLines,
    'reviews.jsonl': jsonLines(reviews),
    'broken.jsonl': `${jsonLines(reviews)}{"text": \n`,
    'binary.txt': Buffer.from([0x61, 0xff, 0xfe, 0x0a]),
    'stop.txt': 'the and of\n',
    'empty.txt': '',
    noname: reviewLines,
  });
  const { code, stdout, stderr } = await corpuscle([...args, '--quiet'], { cwd: folder });
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^corpuscle: .* \([A-Z_]+\)\n$/);
  return [code, stderr.trimEnd()];
}

describe('A command that cannot be meant', () => {
  test.each([
    [
      ['cluster', 'reviews.txt', '--cluster', '3'],
      "unknown option '--cluster' (Did you mean --clusters?)",
      'ERR_UNKNOWN_OPTION',
    ],
    [['clutser', 'reviews.txt'], "unknown command 'clutser'", 'ERR_UNKNOWN_COMMAND'],
    [['cluster'], "missing required argument 'inputs'", 'ERR_MISSING_ARGUMENT'],
    [
      ['cluster', 'reviews.txt', '--clusters', '0'],
      '--clusters must be a whole number from 1 to 2147483647, but is "0".',
      'ERR_INVALID_ARG_VALUE',
    ],
    [
      ['sweep', 'reviews.txt', '--clusters', '50:5:5'],
      '--clusters must be numbers from 1, each above the one before, at most 1000: 5:50:5 (first:last:step), 5,10,20 or 8, but is "50:5:5".',
      'ERR_INVALID_ARG_VALUE',
    ],
    [['cooccur', 'reviews.txt', '--format', 'xml'], 'Allowed choices are table, json, csv.', 'ERR_INVALID_ARG_VALUE'],
    [
      ['cluster', 'reviews.txt', '--text-field', 'text'],
      '--text-field is "text", but reviews.txt is read as \'txt\'',
      'ERR_INVALID_ARG_VALUE',
    ],
    [['cluster', 'noname'], 'give --input-format as one of', 'ERR_INVALID_ARG_VALUE'],
  ])('%j ends with 2', async (args, message, code) => {
    const [exitCode, line] = await refusal(...args);
    expect(line).toContain(message);
    expect(line.endsWith(`(${code})`)).toBe(true);
    expect(exitCode).toBe(2);
  });
});

describe('A run that fails', () => {
  test.each([
    [['cluster', 'absent.csv'], 'absent.csv does not exist.', 'ERR_NO_SUCH_FILE'],
    [['cluster', 'binary.txt'], 'is not text', 'ERR_NOT_TEXT'],
    [['cluster', 'broken.jsonl'], 'broken.jsonl:7 is not JSON', 'ERR_BAD_RECORD'],
    [['cluster', 'reviews.jsonl', '--text-field', 'body'], '"body"', 'ERR_MISSING_FIELD'],
    [['cluster', 'empty.txt'], 'There are no documents', 'ERR_NO_DOCUMENTS'],
    [['cluster', 'stop.txt', '--stop-words', 'english'], 'The vocabulary is empty', 'ERR_EMPTY_VOCABULARY'],
    [['cluster', 'reviews.txt', '--min-df', '6'], 'try a lower --min-df or a higher --max-df.', 'ERR_EMPTY_VOCABULARY'],
    [
      ['cluster', 'reviews.txt', '--min-df', '5', '--max-df', '2'],
      '--max-df (2) stands for 2 of 6 documents',
      'ERR_OUT_OF_RANGE',
    ],
    [['cluster', 'reviews.txt', '--clusters', '7'], '--clusters is 7, but there are 6 documents', 'ERR_OUT_OF_RANGE'],
    [['sweep', 'reviews.txt', '--clusters', '2:7'], '--clusters is 7, but there are 6 documents', 'ERR_OUT_OF_RANGE'],
    [
      ['cluster', 'reviews.txt', '--clusters', '2', '--max-bytes', '100'],
      'but --max-bytes is 100 bytes',
      'ERR_MEMORY_BUDGET',
    ],
    [
      ['cluster', 'reviews.txt', '--stop-words', 'absent.txt'],
      "absent.txt does not exist; --stop-words takes 'english' or a file.",
      'ERR_NO_SUCH_FILE',
    ],
    [['cluster', 'reviews.txt', '--stop-words', 'binary.txt'], 'binary.txt is not UTF-8 text', 'ERR_NOT_TEXT'],
    [
      ['cluster', 'reviews.txt', '--out', 'reviews.txt'],
      'reviews.txt cannot be written: a file is in its way.',
      'ERR_CANNOT_WRITE',
    ],
  ])('%j ends with 1', async (args, message, code) => {
    const [exitCode, line] = await refusal(...args);
    expect(line).toContain(message);
    expect(line.endsWith(`(${code})`)).toBe(true);
    expect(exitCode).toBe(1);
  });

  test('shows the stack with --debug and with DEBUG, and only then', async () => {
    const missing = join(folderOf(), 'absent.txt');
    const debug = await corpuscle(['cluster', missing, '--debug']);
    const environment = await corpuscle(['cluster', missing], { env: { DEBUG: '1' } });
    for (const { code, stderr } of [debug, environment]) {
      expect(code).toBe(1);
      expect(stderr).toMatch(/^corpuscle: .*\(ERR_NO_SUCH_FILE\)\nError: .*\n {4}at /s);
    }
  });
});
