import { describe, expect, it } from 'vitest';
import { failureOf, fileOf, stdinOf, textsOf } from './support.js';

const latin1 = Buffer.from('naïve', 'latin1');

describe('what is not UTF-8 text', () => {
  it.each([
    ['invalid UTF-8', latin1, 'is not valid UTF-8'],
    ['a NUL byte', Buffer.from('a\0b'), 'has a NUL byte'],
    ['a character cut off', Buffer.from('東').subarray(0, 2), 'is not valid UTF-8'],
    ['an encoded surrogate', Buffer.from([0xed, 0xa0, 0x80]), 'is not valid UTF-8'],
  ])('is refused by its line or record: %s', async (_, bytes, what) => {
    const lines = await fileOf('a.txt', Buffer.concat([Buffer.from('one\n'), bytes]));
    const refusal = { texts: ['one'], code: 'ERR_NOT_TEXT' };
    expect(await failureOf(lines)).toMatchObject({
      ...refusal,
      message: `${lines}:2 ${what}, so it is not text.`,
    });
    const records = await fileOf('a.csv', Buffer.concat([Buffer.from('one\n"'), bytes, Buffer.from('"\n')]));
    const place = `${records}:2 (record 2)`;
    expect(await failureOf(records)).toMatchObject({
      ...refusal,
      message: `${place} ${what}, so it is not text.`,
    });
    const whole = await fileOf('a.md', bytes);
    expect(await failureOf(whole)).toMatchObject({
      code: 'ERR_NOT_TEXT',
      message: `${whole} ${what}, so it is not text.`,
    });
  });

  it('is refused in the header of a csv file, skipBadLines or not', async () => {
    const path = await fileOf('a.csv', Buffer.concat([latin1, Buffer.from(',text\n1,a\n')]));
    expect(await failureOf(path, { textField: 'text', skipBadLines: true })).toMatchObject({
      code: 'ERR_NOT_TEXT',
    });
  });

  it.each(['utf16le', 'utf16be'])('is named where its byte order mark says %s', async (encoding) => {
    const bytes = Buffer.from('\ufeffone\n', 'utf16le');
    const path = await fileOf('a.txt', encoding === 'utf16le' ? bytes : bytes.swap16());
    expect(await failureOf(path)).toMatchObject({
      code: 'ERR_NOT_TEXT',
      message: `${path} starts with the byte order mark of UTF-16, but must be UTF-8.`,
    });
  });
});

describe('UTF-8', () => {
  it('may hold the replacement character, and a byte order mark that is not at the start', async () => {
    expect(await textsOf(await fileOf('a.txt', 'a\ufffdb\n\ufeffc'))).toEqual(['a\ufffdb', '\ufeffc']);
  });

  it('may be shorter than a byte order mark', async () => {
    expect(await textsOf(await fileOf('a.md', '\ufeff'))).toEqual(['']);
    expect(await textsOf(await fileOf('a.md', 'a'))).toEqual(['a']);
    stdinOf([]);
    expect(await textsOf('-')).toEqual([]);
  });
});
