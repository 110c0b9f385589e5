import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { byteByByte, failureOf, fileOf, stdinOf, textsOf } from './support.js';

describe('a gzipped file', () => {
  it('is read like the file in it', async () => {
    expect(await textsOf(await fileOf('a.txt.gz', gzipSync('one\ntwo\n')))).toEqual(['one', 'two']);
    expect(await textsOf(await fileOf('a.jsonl.gz', gzipSync('{"text":"one"}')))).toEqual(['one']);
    expect(await textsOf(await fileOf('a.md.gz', gzipSync('one\ntwo\n')))).toEqual(['one\ntwo\n']);
  });

  it('is known by its bytes, whatever its name', async () => {
    expect(await textsOf(await fileOf('a.txt', gzipSync('one')))).toEqual(['one']);
    expect(await textsOf(await fileOf('a.txt.gz', 'one'))).toEqual(['one']);
    stdinOf([gzipSync('one')]);
    expect(await textsOf('-')).toEqual(['one']);
  });

  it('may have several members, wherever the chunks of its bytes end', async () => {
    const members = Buffer.concat([gzipSync('one\ntw'), gzipSync(''), gzipSync('o\nthree')]);
    expect(await textsOf(await fileOf('a.txt.gz', members))).toEqual(['one', 'two', 'three']);
    stdinOf(byteByByte(members));
    expect(await textsOf('-')).toEqual(['one', 'two', 'three']);
  });

  it('may have a byte order mark inside', async () => {
    expect(await textsOf(await fileOf('a.txt.gz', gzipSync('\ufeffone')))).toEqual(['one']);
  });

  it('is refused where it is cut short', async () => {
    const packed = gzipSync('one\n'.repeat(1000));
    const path = await fileOf('a.txt.gz', packed.subarray(0, packed.length - 9));
    expect(await failureOf(path)).toMatchObject({
      code: 'ERR_BAD_RECORD',
      message: `${path} ends in the middle of its gzip data.`,
    });
  });

  it.each([
    ['in its data', (packed: Buffer) => packed.fill(0xff, 12, 20)],
    ['in its checksum', (packed: Buffer) => packed.fill(0, packed.length - 8)],
    ['behind its end', (packed: Buffer) => Buffer.concat([packed, Buffer.from('garbage')])],
  ])('is refused where it is broken %s', async (_, broken) => {
    const path = await fileOf('a.txt.gz', broken(gzipSync('a quick brown fox\n'.repeat(10))));
    const { code, message } = await failureOf(path, { skipBadLines: true });
    expect(code).toBe('ERR_BAD_RECORD');
    expect(message).toContain(`${path} is broken gzip (`);
  });
});

describe('gzip that unpacks to more than any text', () => {
  const page = `${'a'.repeat(999)}\n`;

  it('is refused by its ratio once 64 MiB have come out, and not where that is allowed', async () => {
    const bomb = await fileOf('a.txt.gz', gzipSync(Buffer.alloc(68_000_000, page)));
    const { code, message } = await failureOf(bomb);
    expect([code, message]).toEqual(['ERR_BAD_RECORD', expect.stringMatching(/maxUnpackRatio, which is 200\.$/)]);
    expect(await textsOf(bomb, { maxUnpackRatio: Number.POSITIVE_INFINITY })).toHaveLength(68_000);
  });

  it('is refused by its size', async () => {
    const file = await fileOf('a.txt.gz', gzipSync('one\ntwo\n'));
    expect(await failureOf(file, { maxUnpackedBytes: 7 })).toMatchObject({ code: 'ERR_BAD_RECORD' });
    expect(await textsOf(file, { maxUnpackedBytes: 8 })).toEqual(['one', 'two']);
  });
});
