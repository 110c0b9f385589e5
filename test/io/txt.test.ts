import { describe, expect, it } from 'vitest';
import { DocumentReader } from '#src/io/documents.js';
import { byteByByte, failureOf, fileOf, recordsOf, stdinOf, textsOf } from './support.js';

describe('a .txt file', () => {
  it('is a document a line, with its source and line', async () => {
    const path = await fileOf('a.txt', 'one\ntwo\n');
    expect(await recordsOf(path)).toEqual([
      { text: 'one', source: path, line: 1 },
      { text: 'two', source: path, line: 2 },
    ]);
  });

  it('keeps empty lines as empty documents, so that documents and lines match', async () => {
    expect(await textsOf(await fileOf('a.txt', '\none\n\n\ntwo\n\n'))).toEqual(['', 'one', '', '', 'two', '']);
  });

  it('may end without a line end and may be empty', async () => {
    expect(await textsOf(await fileOf('a.txt', 'one\ntwo'))).toEqual(['one', 'two']);
    expect(await textsOf(await fileOf('a.txt', ''))).toEqual([]);
  });

  it('may have the line ends of Windows; a carriage return elsewhere is text', async () => {
    expect(await textsOf(await fileOf('a.txt', 'one\r\n\r\nt\rwo\r\n'))).toEqual(['one', '', 't\rwo']);
  });

  it('comes out the same however it is split into chunks', async () => {
    const content = '\ufeffnaïve\r\n東京 😀\n\nlast\r';
    stdinOf(byteByByte(content));
    expect(await textsOf('-')).toEqual(['naïve', '東京 😀', '', 'last']);
    expect(await textsOf(await fileOf('a.txt', content))).toEqual(['naïve', '東京 😀', '', 'last']);
  });

  it('reads lines longer than a chunk', async () => {
    const lines = ['é'.repeat(100_000), 'x', '東'.repeat(200_000)];
    expect(await textsOf(await fileOf('a.txt', lines.join('\n')))).toEqual(lines);
  });
});

describe('maxLineBytes', () => {
  it('refuses a longer line by its number, after the documents before it', async () => {
    const path = await fileOf('a.txt', 'abcd\r\nabcde\nx\n');
    expect(await failureOf(path, { maxLineBytes: 4 })).toMatchObject({
      texts: ['abcd'],
      code: 'ERR_BAD_RECORD',
      message: `${path}:2 is longer than maxLineBytes, which is 4.`,
    });
  });

  it.each([5, 1000, 300_000])('skips a line of %i bytes without holding it', async (size) => {
    const path = await fileOf('a.txt', `one\n${'x'.repeat(size)}\ntwo\n${'y'.repeat(size)}`);
    const reader = new DocumentReader(path, { maxLineBytes: 4, skipBadLines: true });
    const found = [];
    for await (const { text, line } of reader) found.push([text, line]);
    expect(found).toEqual([
      ['one', 1],
      ['two', 3],
    ]);
    expect(reader.progress.skipped).toBe(2);
  });
});
