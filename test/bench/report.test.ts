import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writeBlock } from '../../bench/report/blocks.js';
import { limitTable, variantTables } from '../../bench/report/tables.js';
import { type Measured, newestRows, type Results, type Row } from '../../bench/results.js';
import { suiteText } from '../../bench/table.js';
import { allTasks } from '../../bench/tasks/index.js';
import { folderOf } from '../cli/support.js';

function row(contender: string, kind: string, documents: number, outcome: Partial<Measured> | string): Row {
  const facts = {
    corpus: 'synthetic',
    documents,
    terms: documents / 10,
    bytes: 1,
    tokens: 1,
    nnz: 1,
    updates: 1,
  } as const;
  const row = { task: 'counts', title: 'Text to counts', contender, kind, threads: kind === 'parallel' ? 4 : 1, facts };
  if (typeof outcome === 'string') return { ...row, missing: outcome };
  const measured = {
    cold: [2],
    warm: [[1]],
    disturbed: 0,
    peakBytes: [5e6],
    limitSeconds: [],
    seconds: 1,
    rme: 1,
    rate: 3,
    rateUnit: 'MB/s',
  };
  return { ...row, measured: { ...measured, ...outcome } };
}

const rows = [
  row('plain', 'plain', 1000, { seconds: 2 }),
  row('parallel', 'parallel', 1000, { seconds: 0.25, peakBytes: [7e6], speedup: 8, toLimit: 0.4 }),
  row('slowdb', 'library', 1000, { seconds: 30 }),
  row('quickdb', 'library', 1000, { seconds: 3 }),
  row('plain', 'plain', 650_000, 'planned: 22 min'),
  row('parallel', 'parallel', 650_000, { seconds: 160 }),
  row('slowdb', 'library', 650_000, 'planned: 9 h'),
];

describe('the tables of the report', () => {
  it('have a line a size and a column a variant, with the best of the libraries by its name', () => {
    const squeezed = (text: string) => text.replace(/ +/g, ' ').replace(/-+/g, '-');
    expect(squeezed(variantTables(rows, ['counts', 'absent']))).toBe(
      [
        '**Text to counts**',
        '',
        '| documents | terms | plain | library | parallel x 4 |',
        '| -: | -: | -: | -: | -: |',
        '| 1,000 | 100 | 2.00 s, 5.0 MB | quickdb: 3.00 s, 5.0 MB | 0.250 s, 7.0 MB |',
        '| 650,000 | 65,000 | planned: 22 min | planned: 9 h | 160 s, 5.0 MB |',
      ].join('\n'),
    );
  });

  it('show the distance to the limit of what was measured', () => {
    const lines = limitTable(rows).split('\n');
    expect(lines).toHaveLength(2 + 5);
    expect(lines[3]).toMatch(/^\| counts +\| parallel +\| +4 \| +0\.250 \| +3\.00 MB\/s \| +8\.00 \| +0\.40 \|$/);
  });

  it('show on a terminal why something was not measured', () => {
    expect(suiteText(rows)).toMatch(/^plain +1 +planned: 22 min$/m);
    expect(suiteText(rows)).toContain('Text to counts (synthetic, 650000 documents)');
  });

  it('say on a terminal how calm the machine was', () => {
    expect(suiteText(rows)).toContain('The machine was calm');
    const restless = row('plain', 'plain', 1000, { warm: [[1], [1]], disturbed: 2 });
    expect(suiteText([...rows, restless])).toContain('for 1 of 6 figures no more slots were calm than not');
  });
});

describe('a generated part of a page', () => {
  const marked = (text: string) =>
    `# Page\n\n<!-- x: begin, made by npm run bench:report -->${text}<!-- x: end -->\n\nEnd.\n`;

  it('is replaced, and nothing else', () => {
    const file = join(folderOf(), 'page.md');
    writeFileSync(file, marked('\n\nold\n\n'));
    writeBlock(pathToFileURL(file), 'x', 'new');
    expect(readFileSync(file, 'utf8')).toBe(marked('\n\nnew\n\n'));
  });

  it('must be there', () => {
    const file = join(folderOf(), 'page.md');
    writeFileSync(file, '# Page\n');
    expect(() => writeBlock(pathToFileURL(file), 'x', 'new')).toThrow(/page\.md has no part x: it needs the lines/);
  });

  it('is in both pages for each table that the report makes', () => {
    const parts = (page: string) =>
      [...readFileSync(page, 'utf8').matchAll(/<!-- (\w+): end -->/g)].map(([, name]) => name);
    expect(parts('README.md')).toEqual(['variants']);
    expect(parts('docs/performance.md')).toEqual(['plots', 'models', 'limits', 'peers']);
  });
});

describe('the tasks of the suite', () => {
  it('state a limit in words and in numbers', () => {
    const facts = {
      corpus: 'synthetic',
      documents: 100,
      bytes: 1e6,
      tokens: 2e5,
      terms: 1e3,
      nnz: 1e5,
      updates: 1e7,
    } as const;
    const limits = {
      threads: 1,
      stream: 1e10,
      firstTouch: 1e9,
      readModifyWrite: 1e9,
      byteClassification: 1e9,
      randomRows: 1e10,
    };
    for (const task of allTasks(2)) {
      const seconds = task.limit.seconds({ facts, answer: { nnz: 1e5, words: 1e5 } }, limits);
      expect(seconds, task.name).toBeGreaterThan(0);
      expect(seconds, task.name).toBeLessThan(1);
      expect(task.limit.words).toMatch(/\//);
    }
  });

  it('each have the three backends, the plain one first', () => {
    for (const { contenders } of allTasks(2)) {
      expect(contenders.slice(0, 3).map(({ name }) => name)).toEqual(['plain', 'native', 'parallel']);
      expect(contenders.slice(3).every(({ kind }) => kind === 'library')).toBe(true);
    }
  });
});

it('says of a refusal what would be needed, and no more', () => {
  const refused = "Dense co-occurrence of 9 terms needs 15.8 GB, but maxBytes is 11.9 GB; use output: 'sparse'.";
  expect(variantTables([row('native', 'native', 9, refused)], ['counts'])).toContain('| needs 15.8 GB |');
});

describe('the rows of several runs', () => {
  const run = (date: string, rows: Row[]) => ({ date, rows }) as Partial<Results> as Results;

  it('are the newest of each number of documents, in order of these', () => {
    const new1000 = row('plain', 'plain', 1000, { seconds: 1 });
    const [old1000, old50] = [row('plain', 'plain', 1000, { seconds: 9 }), row('plain', 'plain', 50, { seconds: 3 })];
    const runs = [run('2026-02-02', [new1000]), run('2026-01-01', [old1000, old50]), run('2025-01-01', [old50])];
    expect(newestRows(runs)).toEqual({ rows: [old50, new1000], used: [runs[0], runs[1]] });
  });

  it('are none where there was no run', () => expect(newestRows([])).toEqual({ rows: [], used: [] }));
});
