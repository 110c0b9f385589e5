import type { Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { barLine } from '#src/cli/bar.js';
import { printed } from '#src/cli/cooccur-result.js';
import { csvRecord } from '#src/cli/csv.js';
import { nearestTerms } from '#src/cli/nearest-terms.js';
import { bestPairs, type Pair, rowsOfMatrix, rowsOfPartners } from '#src/cli/pairs.js';
import { tableText } from '#src/cli/table.js';
import {
  byteSize,
  documentFrequency,
  fieldName,
  numberFromZero,
  numberList,
  numberRange,
  separator,
  wholeNumber,
  wholeNumberOrAuto,
} from '#src/cli/values.js';
import { clock, inFlags } from '#src/cli/words.js';
import {
  association,
  CsrMatrix,
  cooccurrence,
  TokenStreams,
  topCooccurrences,
  topWindowCooccurrences,
} from '#src/index.js';

describe('The selection of pairs', () => {
  const rows = Array.from({ length: 120 }, (_, d) => Array.from({ length: 40 }, (_, t) => Number((d * t + d) % 7 < 3)));
  const counts = CsrMatrix.fromRows(rows); // with many ties
  const job = { signal: new AbortController().signal, onProgress: () => {} };

  test.each([
    ['count', 1, 1],
    ['count', 20, 30],
    ['dice', 50, 1],
    ['llr', 10_000, 2],
  ] as const)('by %s finds the best %i that all hold', async (score, top, minCount) => {
    const upper = await cooccurrence(counts, { diagonal: true });
    const scored = await association(upper, { nDocuments: rows.length, score });
    const all: Pair[] = [];
    for (let a = 0; a < upper.nRows; a++) {
      for (let q = upper.indptr[a]; q < upper.indptr[a + 1]; q++) {
        const pair = { a, b: upper.indices[q], count: upper.values[q], score: scored.values[q] };
        if (pair.b !== a && pair.count >= minCount) all.push(pair);
      }
    }
    all.sort((x, y) => y.score - x.score || y.count - x.count || x.a - y.a || x.b - y.b);
    const sorted = all.slice(0, top);
    expect(await bestPairs(rowsOfMatrix({ counts: upper, scores: scored.values }), { top, minCount }, job)).toEqual(
      sorted,
    );
    const partners = await topCooccurrences(counts, { score, minCount, k: top });
    expect(await bestPairs(rowsOfPartners(partners), { top, minCount }, job)).toEqual(sorted);
  });

  test('leaves out pairs of less than the least weight', async () => {
    const streams = TokenStreams.fromLists([[0, 1, 2, 0, 2]], 3);
    const rows = rowsOfPartners(await topWindowCooccurrences(streams, { window: 2, k: 3 }));
    expect((await bestPairs(rows, { top: 9, minCount: 1 }, job)).map(({ a, b, count }) => [a, b, count])).toEqual([
      [0, 2, 2.5],
      [0, 1, 1.5],
      [1, 2, 1],
    ]);
    expect(await bestPairs(rows, { top: 9, minCount: 1.5 }, job)).toHaveLength(2);
  });

  test('stops between two slices', async () => {
    const most = 2 ** 22;
    const one = { indptr: Int32Array.of(0, most, most + 1), indices: new Int32Array(most + 1).fill(7) };
    const row = { ...one, counts: new Int32Array(most + 1), scores: new Int32Array(most + 1) };
    const stopped = bestPairs(row, { top: 1, minCount: 1 }, { ...job, signal: AbortSignal.abort(new Error('enough')) });
    await expect(stopped).rejects.toThrow('enough');
  });
});

describe('The table of pairs', () => {
  const pairs = Array.from({ length: 1500 }, (_, i) => ({ a: 'left', b: `right${i}`, count: 7 }));

  test('shows a thousand of them, and says how many more there are', () => {
    const lines = printed({ documents: 9, terms: 8, pairs }, 'table').split('\n');
    expect(lines.filter((line) => line.includes('left'))).toHaveLength(1000);
    expect(lines.at(-2)).toBe('… and 500 pairs more: --format csv or json prints all of them');
    const all = printed({ documents: 9, terms: 8, pairs }, 'csv').trim().split('\n');
    expect(all).toHaveLength(1501);
  });

  test('spells out control characters', () => {
    const odd = [{ a: '\u001b[31mred', b: 'two\nlines', count: 1 }];
    expect(printed({ documents: 9, terms: 8, pairs: odd }, 'table')).toContain('\\u001b[31mred  two\\u000alines');
  });
});

describe('The words on a terminal', () => {
  test('call the options of the library by their flags, and leave names of files alone', () => {
    expect(inFlags('try a lower minDf or a higher maxDf.')).toBe('try a lower --min-df or a higher --max-df.');
    expect(inFlags('nClusters is 12, but X has 10 rows')).toBe('--clusters is 12, but there are 10 documents');
    const full = "use triangle: 'upper', cooccurrenceBlocks or spillCooccurrence, fewer terms";
    expect(inFlags(full)).toBe('use fewer terms');
    const advice = 'ask for fewer terms (rows) or a smaller k, or raise maxBytes.';
    expect(inFlags(advice)).toBe('keep fewer terms (--max-features), or raise --max-bytes.');
    expect(inFlags('data/maxDf.txt does not exist.')).toBe('data/maxDf.txt does not exist.');
  });

  test('count minutes and hours', () => {
    expect([0, 59.6, 61, 3600, 36_065].map(clock)).toEqual(['0:00', '1:00', '1:01', '1:00:00', '10:01:05']);
  });

  test('quote the fields of csv that need it', () => {
    expect(csvRecord(['a,b', 'say "x"', 'two\nlines', 7])).toBe('"a,b","say ""x""","two\nlines",7\n');
  });

  test('suggest terms at most two edits away, the nearest first', () => {
    expect(nearestTerms('horor', ['color', 'honor', 'horror', 'terror'], 3)).toEqual(['horror', 'honor', 'color']);
    expect(nearestTerms('ab', ['cd', 'xy'], 3)).toEqual([]);
  });

  test('draw a bar that fits the width, with what is left', () => {
    const line = barLine('counts', { phase: '', done: 25, total: 100, facts: () => ['9 docs/s'] }, 10, 80);
    expect(line).toBe('counts   ████████░░░░░░░░░░░░░░░░░░░░░░  25.0%  9 docs/s  0:30 left');
    expect(barLine('counts', { phase: '', done: 25, total: 100 }, 10, 20).length).toBeLessThan(20);
    expect(barLine('counts', { phase: '', done: 25, total: Number.NaN }, 10, 80)).toBe('counts    0:10');
  });

  test('align wide characters in tables', () => {
    expect(
      tableText(
        [{ head: 'term' }, { head: 'n', align: 'right' }],
        [
          ['映画', '1'],
          ['film', '20'],
        ],
        80,
      ),
    ).toBe('term   n\n──────────\n映画   1\nfilm  20\n');
  });
});

describe('The values of options', () => {
  const read = (option: Option, text: string) => option.parseArg!(text, undefined as never);

  test('are sizes in decimal and binary units', () => {
    const sizes = ['1000', '500MB', '2GB', '1.5 GiB', '3k'].map((text) =>
      read(byteSize('--max-bytes <size>', ''), text),
    );
    expect(sizes).toEqual([1000, 5e8, 2e9, 1.5 * 2 ** 30, 3000]);
  });

  test('are counts or shares of documents', () => {
    const values = ['10', '0.1', '10%', '100%', '1.0'].map((text) => read(documentFrequency('--min-df <n>', ''), text));
    expect(values).toEqual([10, 0.1, '10%', '100%', 1]);
  });

  test('are lists of numbers', () => {
    const list = (text: string) => read(numberList('--clusters <numbers>', ''), text);
    expect(list('5:50:5')).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
    expect(list('5:52:5')).toEqual(list('5:50:5'));
    expect(list('2:5')).toEqual([2, 3, 4, 5]);
    expect(list('5,10,20')).toEqual([5, 10, 20]);
    expect(list('5')).toEqual([5]);
    expect(list('7:7:3')).toEqual([7]);
    expect(list('1:1000')).toHaveLength(1000);
  });

  test('are two numbers', () => {
    expect(read(numberRange('--ngram-range <n,m>', ''), '1,2')).toEqual([1, 2]);
  });

  test.each([
    [
      numberRange('--ngram-range <n,m>', ''),
      ['1', '2,1', '0,1', '1,2,3', 'a,b', '', '1,1001'],
      '--ngram-range must be two whole numbers from 1 to 1000, such as 1,2',
    ],
    [
      wholeNumber('--top <n>', ''),
      ['0', '-1', '1.5', 'ten', '', '1e3', '2147483648'],
      '--top must be a whole number from 1 to 2147483647',
    ],
    [wholeNumberOrAuto('--n-init <n>', ''), ['0', 'many'], "--n-init must be 'auto' or a whole number from 1"],
    [
      numberList('--clusters <n>', ''),
      [
        '',
        '0',
        '50:5:5',
        '5:50:0',
        '0:5',
        '5:',
        ':5',
        '1:2:3:4',
        '5,5',
        '10,5',
        '5,',
        '5;10',
        '1.5',
        '-3',
        '1:2000',
        'ten',
        '1:1e9',
        '5:10,20',
      ],
      '--clusters must be numbers from 1, each above the one before, at most 1000: 5:50:5 (first:last:step), 5,10,20 or 8',
    ],
    [numberFromZero('--tol <x>', ''), ['-1', 'NaN', 'Infinity', ''], '--tol must be a number of at least 0'],
    [
      documentFrequency('--max-df <n>', ''),
      ['1.5', '-1', '110%', '%', 'few'],
      '--max-df must be a whole number from 1 (documents), or a share',
    ],
    [byteSize('--max-bytes <n>', ''), ['lots', '-1', '2XB', ''], '--max-bytes must be a size such as 500MB'],
    [fieldName('--text-field <n>', ''), ['0', ''], '--text-field must be a name, or a number from 1'],
    [
      separator('--delimiter <c>', ''),
      ['', ';;', '"', 'é'],
      "--delimiter must be one character other than a quote, or 'tab'",
    ],
  ] as const)('%# are refused by name, with what is allowed', (option, texts, message) => {
    for (const text of texts) {
      expect(() => read(option, text)).toThrow(
        expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
      );
    }
  });
});
