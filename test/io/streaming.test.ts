import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DocumentReader } from '#src/io/documents.js';
import { failureOf, fileOf, folderOf, openFilesBelow, stdinOf, tarOf, textsOf } from './support.js';

const megabyte = 2 ** 20;

/** 200 MB, if anybody takes them: lines of about 1 kB, or records with line ends in quotes, or JSON. */
function* endless(made: { bytes: number }, line: string): Generator<Buffer> {
  const chunk = Buffer.from(line.repeat(Math.ceil(65_536 / line.length)));
  for (; made.bytes < 200 * megabyte; made.bytes += chunk.length) yield chunk;
}

describe('reading goes no further than it is asked to', () => {
  it.each([
    ['txt', `${'word '.repeat(200)}\n`, {}],
    ['jsonl', `{"text":"${'word '.repeat(200)}"}\n`, {}],
    ['csv', `5,"${'word\n'.repeat(200)}"\n`, { textField: 2 }],
  ] as const)('from 200 MB of %s it takes what ten documents need', async (format, line, options) => {
    const made = { bytes: 0 };
    const stdin = stdinOf(endless(made, line));
    const reader = new DocumentReader('-', { format, ...options });
    let taken = 0;
    for await (const { text } of reader) {
      await pause(5);
      expect(text.length).toBe(1000);
      if (++taken === 10) break;
    }
    expect(made.bytes).toBeLessThan(megabyte);
    expect(stdin.destroyed).toBe(true);
  });

  it('takes a file by the chunk, gzipped or not, and a limit ends it', async () => {
    const content = `${'word '.repeat(200)}\n`.repeat(20_000);
    const packed = gzipSync(content, { level: 0 });
    for (const [name, bytes] of [
      ['a.txt', content],
      ['a.txt.gz', packed],
    ] as const) {
      const reader = new DocumentReader(await fileOf(name, bytes), { limit: 3 });
      let count = 0;
      for await (const _ of reader) count += 1;
      expect(count).toBe(3);
      expect(reader.progress.bytesRead).toBeLessThan(megabyte);
    }
  });

  it('does not see a fault behind the limit', async () => {
    const path = await fileOf('a.jsonl', '{"text":"one"}\n{\n');
    expect(await textsOf(path, { limit: 1 })).toEqual(['one']);
  });

  it('does not wait for stdin once it has enough', async () => {
    const open = new PassThrough();
    open.write(gzipSync('one\ntwo\n'));
    stdinOf(open);
    expect(await textsOf('-', { limit: 1 })).toEqual(['one']);
  });

  it('gives a line as soon as it is there', async () => {
    const open = new PassThrough();
    open.write('one\n');
    stdinOf(open);
    expect(await textsOf('-', { format: 'txt', limit: 1 })).toEqual(['one']);
  });

  it('does not wait for stdin to say what is wrong', async () => {
    const open = new PassThrough();
    open.write(gzipSync('one\nt\0o\n'));
    stdinOf(open);
    expect(await failureOf('-')).toMatchObject({ texts: ['one'], code: 'ERR_NOT_TEXT' });
  });

  it('does not wait for stdin behind the member of an archive', async () => {
    const open = new PassThrough();
    open.write(gzipSync(Buffer.concat([await tarOf({ 'a.txt': 'one\ntwo\n', 'b.txt': 'x' })])));
    stdinOf(open);
    expect(await textsOf('-', { member: 'a.txt' })).toEqual(['one', 'two']);
  });
});

describe.runIf(existsSync('/proc/self/fd'))('what was opened is closed', () => {
  const lines = '{"text":"one"}\n'.repeat(100_000);

  it.each([
    ['a.jsonl', async () => lines, {}],
    ['a.jsonl.gz', async () => gzipSync(lines, { level: 0 }), {}],
    ['a.tgz', async () => gzipSync(await tarOf({ 'a.jsonl': lines }), { level: 0 }), { member: 'a.jsonl' }],
  ])('when the loop of %s is left, at a limit, at an error and at its end', async (name, content, options) => {
    const path = await fileOf(name, await content());
    for await (const _ of new DocumentReader(path, options)) {
      expect(await openFilesBelow(dirname(path))).toEqual([path]);
      break;
    }
    expect(await openFilesBelow(dirname(path))).toEqual([]);
    await textsOf(path, { ...options, limit: 1 });
    expect(await openFilesBelow(dirname(path))).toEqual([]);
    await failureOf(path, { ...options, textField: 'body' });
    expect(await openFilesBelow(dirname(path))).toEqual([]);
    await textsOf(path, options);
    expect(await openFilesBelow(dirname(path))).toEqual([]);
  });

  it('when files are read at the same time and one fails', async () => {
    const folder = await folderOf({ 'a.txt': '\0', 'b.txt': 'x'.repeat(megabyte - 1), 'c.txt': 'x' });
    expect(await failureOf(folder)).toMatchObject({ code: 'ERR_NOT_TEXT' });
    expect(await openFilesBelow(folder)).toEqual([]);
  });
});

describe('an AbortSignal', () => {
  const reason = new Error('enough');
  const refusal = { name: 'AbortError', code: 'ABORT_ERR', cause: reason };

  it('ends the reading before it starts', async () => {
    const signal = AbortSignal.abort(reason);
    expect(await failureOf('no/such/file.txt', { signal })).toMatchObject(refusal);
    stdinOf([Buffer.from('one')]);
    expect(await failureOf('-', { signal })).toMatchObject(refusal);
  });

  it('ends it between two documents of a batch', async () => {
    const abort = new AbortController();
    const texts: string[] = [];
    const reading = async () => {
      const path = await fileOf('a.txt', 'one\ntwo\nthree\n');
      for await (const { text } of new DocumentReader(path, { signal: abort.signal })) {
        texts.push(text);
        if (text === 'two') abort.abort(reason);
      }
    };
    await expect(reading()).rejects.toMatchObject(refusal);
    expect(texts).toEqual(['one', 'two']);
  });

  it.each([
    ['plain', Buffer.from('one\n')],
    ['gzipped', gzipSync('one\n')],
  ])('ends it while stdin, %s, is waited for', async (_, first) => {
    const abort = new AbortController();
    const open = new PassThrough();
    open.write(first);
    stdinOf(open);
    setTimeout(() => abort.abort(reason), 20);
    expect(await failureOf('-', { signal: abort.signal })).toMatchObject({ ...refusal, texts: ['one'] });
  });
});
