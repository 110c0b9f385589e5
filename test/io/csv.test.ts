import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch } from '#src/io/batch.js';
import { readCsv } from '#src/io/csv.js';
import { DocumentReader } from '#src/io/documents.js';
import { byteByByte, failureOf, fileOf, recordsOf, stdinOf, textsOf } from './support.js';

const text = { textField: 'text' } as const;

describe('a .csv file', () => {
  it('gives a column by its name in the header, numbered by record', async () => {
    const path = await fileOf('a.csv', 'label,text\n1,"one\nmore"\n2,two\n');
    expect(await recordsOf(path, text)).toEqual([
      { text: 'one\nmore', source: path, line: 1 },
      { text: 'two', source: path, line: 2 },
    ]);
  });

  it('gives a column by its number, and then has a header only where told so', async () => {
    const path = await fileOf('a.csv', '1,one\n2,two\n');
    expect(await textsOf(path, { textField: 2 })).toEqual(['one', 'two']);
    expect(await textsOf(path, { textField: 2, header: true })).toEqual(['two']);
  });

  it('needs no column where there is only one', async () => {
    const path = await fileOf('a.csv', 'text\n"a, b"\n');
    expect(await textsOf(path)).toEqual(['text', 'a, b']);
    expect(await textsOf(path, { header: true })).toEqual(['a, b']);
  });

  it.each([
    ['quotes, doubled inside', '1,"say ""yes"""\n', ['say "yes"']],
    ['delimiters and line ends in quotes', '1,"a,b\r\nc\n"\n', ['a,b\r\nc\n']],
    ['empty fields, quoted or not', '1,\n2,""\n', ['', '']],
    ['the line ends of Windows', '1,a\r\n2,"b"\r\n', ['a', 'b']],
    ['mixed line ends', '1,a\r\n2,b\n3,"c"\r\n', ['a', 'b', 'c']],
    ['no line end at the end', '1,a\n2,"b"', ['a', 'b']],
    ['blank lines, which it skips', '\n1,a\n\n\r\n2,b\n\n', ['a', 'b']],
    ['spaces, which it keeps', '1, a \n', [' a ']],
  ])('may have %s', async (_, records, expected) => {
    const content = `\ufefflabel,text\r\n${records}`;
    expect(await textsOf(await fileOf('a.csv', content), text)).toEqual(expected);
    stdinOf(byteByByte(content));
    expect(await textsOf('-', { ...text, format: 'csv' })).toEqual(expected);
  });

  it('reads characters split over chunks, and records longer than a chunk', async () => {
    const long = `東京 "😀"\n`.repeat(30_000);
    const content = `text,n\n"${long.replaceAll('"', '""')}",1\nnaïve,2\n`;
    expect(await textsOf(await fileOf('a.csv', content), text)).toEqual([long, 'naïve']);
  });

  it('gives a record once the next one has begun, without waiting for its end', async () => {
    const open = new PassThrough();
    open.write('one\n"two"\nth');
    stdinOf(open);
    expect(await textsOf('-', { format: 'csv', limit: 2 })).toEqual(['one', 'two']);
  });

  it('gives back any column that was written, in chunks of any size', async () => {
    const column = fc.array(
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
      { minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(column, fc.integer({ min: 1, max: 100 }), async (texts, size) => {
        const content = Buffer.from(texts.map((text) => `"${text.replaceAll('"', '""')}",1\r\n`).join(''));
        expect(await readBack(content, size)).toEqual(texts);
      }),
    );
  });

  it('may have another delimiter, and quotes that quote nothing', async () => {
    expect(await textsOf(await fileOf('a.csv', 'n;text\n1;a,b\n'), { ...text, delimiter: ';' })).toEqual(['a,b']);
    const path = await fileOf('a.tsv', 'n\ttext\n1\t"a" b\n2\t"\n');
    expect(await textsOf(path, { ...text, quotes: false })).toEqual(['"a" b', '"']);
  });
});

/** The first column of a file that comes in chunks of `size` bytes. */
async function readBack(content: Buffer, size: number): Promise<string[]> {
  async function* chunks() {
    for (let start = 0; start < content.length; start += size) yield content.subarray(start, start + size);
  }
  const batch = new Batch('a.csv', false, { bytesRead: 0, bytesTotal: 0, documents: 0, skipped: 0 });
  const options = { delimiter: ',', quotes: true, maxLineBytes: 2 ** 20, textField: 1, header: false };
  const texts: string[] = [];
  for await (const records of readCsv(chunks(), batch, options)) texts.push(...records.map(({ text }) => text));
  return texts;
}

describe('a .tsv file', () => {
  it('has tabs between its fields', async () => {
    expect(await textsOf(await fileOf('a.tsv', 'n\ttext\n1\ta, b\n2\t"c\td"\n'), text)).toEqual(['a, b', 'c\td']);
  });
});

describe('a csv file is refused', () => {
  const refusals: [string, string, object, object][] = [
    [
      'where a quote is never closed',
      'n,text\n1,a\n2,"b\n3,c\n',
      text,
      {
        texts: ['a'],
        code: 'ERR_BAD_RECORD',
        message: ':3 (record 2) has a quote that is never closed.',
      },
    ],
    [
      'where text follows a closing quote',
      'n,text\n1,"a\nb" c\n',
      text,
      {
        code: 'ERR_BAD_RECORD',
        message: ':2 (record 1) has text behind a closing quote.',
      },
    ],
    [
      'where a quote is inside a field',
      'n,text\n1,5" wide\n',
      text,
      {
        code: 'ERR_BAD_RECORD',
        message: ':2 (record 1) has a quote inside a field without quotes (quotes: false reads it as it is).',
      },
    ],
    [
      'by its own line, whatever the lines and blank lines before it',
      'n,text\r\n1,"a\r\n\r\nb"\r\n\r\n2,c\rd\r\n\n3,"e" f',
      text,
      {
        texts: ['a\r\n\r\nb', 'c\rd'],
        code: 'ERR_BAD_RECORD',
        message: ':8 (record 3) has text behind a closing quote.',
      },
    ],
    [
      'where a record has more columns',
      'n,text\n1,a\n2,b,c\n',
      text,
      {
        texts: ['a'],
        code: 'ERR_BAD_RECORD',
        message: ':3 (record 2) has 3 columns, but the first record has 2.',
      },
    ],
    [
      'where a record lacks the column',
      'n,text\n1\n',
      text,
      {
        code: 'ERR_MISSING_FIELD',
        message: ':2 (record 1) has 1 column, but the first record has 2.',
      },
    ],
    [
      'where no column has the name',
      'n,body\n1,a\n',
      text,
      {
        code: 'ERR_MISSING_FIELD',
        message: ':1 has no column "text"; its columns are "n", "body".',
      },
    ],
    [
      'where no column has the number',
      'n,body\n',
      { textField: 3 },
      {
        code: 'ERR_MISSING_FIELD',
        message: ':1 has 2 columns, so no column 3.',
      },
    ],
    [
      'where a column must be chosen',
      '\nn,body\n',
      { header: true },
      {
        code: 'ERR_MISSING_FIELD',
        message: ':2 has 2 columns ("n", "body"), of which textField must choose one.',
      },
    ],
    [
      'where it is empty but should have a column',
      '',
      text,
      {
        code: 'ERR_MISSING_FIELD',
        message: ' has no records, so no column "text".',
      },
    ],
    [
      'where a record is too long',
      'n,text\n1,a\n2,"bbbb\nbbbbb"\n',
      { ...text, maxLineBytes: 10 },
      {
        texts: ['a'],
        code: 'ERR_BAD_RECORD',
        message: ':3 (record 2) is longer than maxLineBytes, which is 10.',
      },
    ],
  ];

  it.each(refusals)('%s', async (_, content, options, expected: { message?: string }) => {
    const path = await fileOf('a.csv', content);
    expect(await failureOf(path, options)).toMatchObject({ ...expected, message: path + expected.message });
  });
});

describe('skipBadLines', () => {
  it('counts a malformed record once, whatever is wrong with it, and keeps the numbers', async () => {
    const records = ['1,one', '2,"x "y" z"', '3,', '4', '5",5" x 6"', '6,"6\n6', '"', '7,a\0b', '8,eight', '9,b,c'];
    const path = await fileOf('a.csv', `n,text\n${records.join('\n')}\n`);
    const reader = new DocumentReader(path, { ...text, skipBadLines: true });
    const found = [];
    for await (const { text, line } of reader) found.push([text, line]);
    expect(found).toEqual([
      ['one', 1],
      ['', 3],
      ['6\n6\n', 6],
      ['eight', 8],
    ]);
    expect(reader.progress).toMatchObject({ documents: 4, skipped: 5 });
  });

  it('lets a field with text behind its closing quote go on to the next quote that ends a field', async () => {
    const path = await fileOf('a.csv', 'n,text\n1,"a" b\n2,lost\n3,"lost"\n4,c\n');
    expect(await textsOf(path, { ...text, skipBadLines: true })).toEqual(['c']);
  });

  it('does not go on where the end of a record is not known', async () => {
    const open = await fileOf('a.csv', 'n,text\n1,a\n2\n3,"b\n4,c\n');
    expect(await failureOf(open, { ...text, skipBadLines: true })).toMatchObject({
      texts: ['a'],
      code: 'ERR_BAD_RECORD',
      message: `${open}:4 (record 3) has a quote that is never closed.`,
    });
    const long = await fileOf('a.csv', `n,text\n1,a\n2,"${'b'.repeat(500_000)}"\n3,c\n`);
    expect(await failureOf(long, { ...text, skipBadLines: true, maxLineBytes: 1000 })).toMatchObject({
      texts: ['a'],
      code: 'ERR_BAD_RECORD',
      message: `${long}:3 (record 2) is longer than maxLineBytes, which is 1000.`,
    });
  });

  it('does not hide that the column or the header is not there', async () => {
    const path = await fileOf('a.csv', 'n,body\n1,a\n');
    const refusal = await failureOf(path, { ...text, skipBadLines: true });
    expect(refusal).toMatchObject({ code: 'ERR_MISSING_FIELD' });
    const broken = await fileOf('a.csv', 'n,"te"xt\n1,a\n2,b\n');
    const options = { textField: 2, header: true, skipBadLines: true };
    expect(await failureOf(broken, options)).toMatchObject({ code: 'ERR_BAD_RECORD' });
  });
});

describe('a record of delimiters alone', () => {
  it('is bounded as one of text is', async () => {
    const path = await fileOf('a.csv', ','.repeat(400_000));
    expect(await failureOf(path, { textField: 1, maxLineBytes: 100_000 })).toMatchObject({
      code: 'ERR_BAD_RECORD',
      message: expect.stringMatching(/longer than maxLineBytes, which is 100000/),
    });
  });
});
