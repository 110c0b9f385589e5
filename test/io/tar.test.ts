import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { failureOf, fileOf, recordsOf, stdinOf, tarOf, textsOf } from './support.js';

const members = {
  'reviews/readme.txt': 'see train.csv\nfor more',
  './reviews/train.csv': 'label,text\n1,one\n',
  'test.csv.gz': gzipSync('label,text\n1,two\n'),
};

describe('a tar archive', () => {
  it.each([
    ['reviews.tar', false],
    ['reviews.tar.gz', true],
    ['reviews.tgz', true],
  ])('gives the documents of one member: %s', async (name, packed) => {
    const archive = await tarOf(members);
    const path = await fileOf(name, packed ? gzipSync(archive) : archive);
    const options = { member: 'train.csv', textField: 'text' };
    expect(await recordsOf(path, options)).toEqual([{ text: 'one', source: `${path}:train.csv`, line: 1 }]);
  });

  it('takes a member by its path or the last part of it, in the format of its name', async () => {
    const path = await fileOf('a.tar', await tarOf(members));
    expect(await textsOf(path, { member: 'reviews/train.csv', textField: 2 })).toEqual(['text', 'one']);
    expect(await textsOf(path, { member: './reviews/readme.txt' })).toEqual(['see train.csv', 'for more']);
    expect(await textsOf(path, { member: 'readme.txt', format: 'file' })).toEqual(['see train.csv\nfor more']);
    expect(await failureOf(path, { member: 'eadme.txt' })).toMatchObject({ code: 'ERR_NO_SUCH_FILE' });
  });

  it('may hold gzipped members, and may come from stdin', async () => {
    stdinOf([gzipSync(await tarOf(members))]);
    expect(await textsOf('-', { member: 'test.csv.gz', textField: 'text' })).toEqual(['two']);
  });

  it('reads a member larger than its buffers', async () => {
    const lines = Array.from({ length: 100_000 }, (_, n) => `line ${n}`);
    const path = await fileOf('a.tgz', gzipSync(await tarOf({ 'a.md': 'x', 'b.txt': lines.join('\n'), 'c.md': 'y' })));
    expect(await textsOf(path, { member: 'b.txt' })).toEqual(lines);
    expect(await textsOf(path, { member: 'c.md' })).toEqual(['y']);
    expect(await textsOf(path, { member: 'b.txt', limit: 2 })).toEqual(['line 0', 'line 1']);
  });

  it('names its members where none is asked for, ten at most', async () => {
    const few = await fileOf('a.tgz', gzipSync(await tarOf(members)));
    expect(await failureOf(few, { textField: 'text' })).toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
      message: `${few} is an archive, of which member must name one; its members are "reviews/readme.txt", "reviews/train.csv", "test.csv.gz".`,
    });
    const names = Array.from({ length: 12 }, (_, n) => `${n}.txt`);
    const many = await fileOf('a.tar', await tarOf(Object.fromEntries(names.map((name) => [name, 'x']))));
    expect((await failureOf(many)).message).toContain('"8.txt", "9.txt", more.');
    const none = await fileOf('a.tar', await tarOf({}));
    expect((await failureOf(none)).message).toContain('it has no files.');
  });

  it('names its members where the one asked for is not there', async () => {
    const path = await fileOf('a.tar', await tarOf({ 'a.txt': 'x' }));
    expect(await failureOf(path, { member: 'b.txt' })).toMatchObject({
      code: 'ERR_NO_SUCH_FILE',
      message: `${path} has no member "b.txt"; its members are "a.txt".`,
    });
  });

  it('is refused where it is none or cut short', async () => {
    const garbage = await fileOf('a.tar', 'x'.repeat(2000));
    expect(await failureOf(garbage, { member: 'a.txt' })).toMatchObject({ code: 'ERR_BAD_RECORD' });
    const whole = await tarOf({ 'a.txt': 'line\n'.repeat(1000) });
    const short = await fileOf('a.tar', whole.subarray(0, 3000));
    const { code, message } = await failureOf(short, { member: 'a.txt' });
    expect([code, message]).toEqual([
      'ERR_BAD_RECORD',
      expect.stringContaining(`${short} is not a whole tar archive (`),
    ]);
  });

  it('is asked for the format of a member whose name says none', async () => {
    const path = await fileOf('a.tar', await tarOf({ data: 'one\ntwo' }));
    expect(await textsOf(path, { member: 'data', format: 'txt' })).toEqual(['one', 'two']);
    expect(await failureOf(path, { member: 'data' })).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });
});
