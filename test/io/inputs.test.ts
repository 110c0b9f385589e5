import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DocumentReader, readDocuments } from '#src/io/documents.js';
import { failureOf, fileOf, folderOf, recordsOf, stdinOf, textsOf } from './support.js';

describe('a file', () => {
  it('is a document a line where it is .txt, and one document where it is .md', async () => {
    const folder = await folderOf({ 'a.txt': '1\n2', 'b.md': '3\n4', 'c.HTML': '<p>' });
    const names = ['a.txt', 'b.md', 'c.HTML'].map((name) => join(folder, name));
    expect(await textsOf(names)).toEqual(['1', '2', '3\n4', '<p>']);
    expect(await textsOf(names, { format: 'txt' })).toEqual(['1', '2', '3', '4', '<p>']);
    expect(await textsOf(names[0], { format: 'file' })).toEqual(['1\n2']);
  });

  it('may have the characters of a pattern in its name', async () => {
    expect(await textsOf(await fileOf('[a]*.txt', 'x'))).toEqual(['x']);
  });

  it('is refused where it does not exist', async () => {
    expect(await failureOf('no/such/file.txt')).toMatchObject({
      code: 'ERR_NO_SUCH_FILE',
      message: 'no/such/file.txt does not exist.',
    });
    const path = await fileOf('a.txt', 'x');
    expect(await failureOf(join(path, 'b.txt'))).toMatchObject({ code: 'ERR_NO_SUCH_FILE' });
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'is refused where it may not be read',
    async () => {
      const path = await fileOf('a.txt', 'x');
      await chmod(path, 0);
      expect(await failureOf(path)).toMatchObject({
        code: 'ERR_NO_SUCH_FILE',
        message: `${path} cannot be read: permission denied.`,
      });
    },
  );

  it('is refused where its name says no format', async () => {
    const path = await fileOf('a.parquet', 'x');
    expect(await failureOf(path)).toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
      message: `The name of ${path} says no format; give format as one of 'csv', 'tsv', 'jsonl', 'txt', 'file'.`,
    });
    expect(await textsOf(path, { format: 'txt' })).toEqual(['x']);
  });

  it('is refused where a field is asked for and its format has none', async () => {
    expect(await failureOf(await fileOf('a.txt', '{"text":"x"}'), { textField: 'text' })).toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
    });
  });

  it('is refused as one document where it is longer than maxLineBytes', async () => {
    const path = await fileOf('a.md', '12345');
    expect(await textsOf(path, { maxLineBytes: 5 })).toEqual(['12345']);
    expect(await failureOf(path, { maxLineBytes: 4 })).toMatchObject({
      code: 'ERR_BAD_RECORD',
      message: `${path} as one document is longer than maxLineBytes, which is 4.`,
    });
  });
});

describe('a folder', () => {
  const files = {
    'b.txt': '1\n2',
    'a/z.md': '3',
    'a/y.rst.gz': gzipSync('4'),
    'c.html': '5',
    'd.png': '\0',
    'e.csv': 'x',
  };

  it('gives each text below it as one document, in the order of their paths', async () => {
    const folder = await folderOf({ ...files, '.hidden.txt': 'x', '.git/config.txt': 'x' });
    expect(await recordsOf(folder)).toEqual([
      { text: '4', source: join(folder, 'a/y.rst.gz'), line: 1 },
      { text: '3', source: join(folder, 'a/z.md'), line: 1 },
      { text: '1\n2', source: join(folder, 'b.txt'), line: 1 },
      { text: '5', source: join(folder, 'c.html'), line: 1 },
    ]);
  });

  it('gives the files of a format where one is asked for', async () => {
    const folder = await folderOf(files);
    expect(await textsOf(folder, { format: 'txt' })).toEqual(['1', '2']);
    expect(await textsOf(folder, { format: 'csv' })).toEqual(['x']);
  });

  it('may have links to files, and is not left through links to folders', async () => {
    const folder = await folderOf({ 'a/a.txt': '1' });
    await symlink(join(folder, 'a/a.txt'), join(folder, 'b.txt'));
    await symlink(folder, join(folder, 'a/loop'));
    await symlink(join(folder, 'gone.txt'), join(folder, 'c.txt'));
    expect(await textsOf(folder)).toEqual(['1', '1']);
  });

  it('keeps the order of many files, and gives those before the one that fails', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `${String(n).padStart(2, '0')}.txt`);
    const folder = await folderOf(Object.fromEntries(names.map((name) => [name, name])));
    expect(await textsOf(folder)).toEqual(names);
    expect(await textsOf(folder, { limit: 37 })).toEqual(names.slice(0, 37));
    const broken = await folderOf({
      ...Object.fromEntries(names.map((name) => [name, name])),
      '42.txt': '\0',
    });
    expect(await failureOf(broken)).toMatchObject({ texts: names.slice(0, 42), code: 'ERR_NOT_TEXT' });
    expect(await textsOf(broken, { skipBadLines: true })).toEqual(names.filter((name) => name !== '42.txt'));
  });

  it('is refused where it holds no text', async () => {
    const empty = await folderOf({ 'x.png': '' });
    expect(await failureOf(empty)).toMatchObject({
      code: 'ERR_NO_SUCH_FILE',
      message: `${empty} holds none of the text kind among its 1 files.`,
    });
  });
});

describe('a glob', () => {
  it('gives prose as whole files and tables by their format, in the order of their paths', async () => {
    const folder = await folderOf({
      'b.txt': '1\n2',
      'a.jsonl': '{"text":"3"}\n{"text":"4"}',
      'c.png': '\0',
    });
    expect(await textsOf(`${folder}/*`)).toEqual(['3', '4', '1\n2']);
    expect(await textsOf(`${folder}/*.{txt,md}`, { format: 'txt' })).toEqual(['1', '2']);
  });

  it('is refused where nothing matches', async () => {
    const folder = await folderOf({ 'a.png': '' });
    expect(await failureOf(`${folder}/*.txt`)).toMatchObject({
      code: 'ERR_NO_SUCH_FILE',
      message: `${folder}/*.txt matches no files.`,
    });
    expect((await failureOf(`${folder}/*`)).message).toContain('matches none of the known kind among its 1 files.');
  });
});

describe('stdin', () => {
  it('is a document a line, or what format says', async () => {
    stdinOf([Buffer.from('one\ntwo')]);
    expect(await recordsOf('-')).toEqual([
      { text: 'one', source: 'stdin', line: 1 },
      { text: 'two', source: 'stdin', line: 2 },
    ]);
    stdinOf([Buffer.from('{"text":"one"}')]);
    expect(await textsOf('-', { format: 'jsonl' })).toEqual(['one']);
  });

  it('is refused twice, and with a field but no format', async () => {
    expect(() => new DocumentReader(['-', '-'])).toThrow('inputs must name stdin, "-", once only.');
    expect((await failureOf('-', { textField: 'text' })).message).toContain(
      "stdin is read as 'txt', which has no fields",
    );
  });
});

describe('progress', () => {
  it('counts bytes as stored, documents and what was skipped', async () => {
    const packed = gzipSync('{"text":"one"}\n{}\n');
    const folder = await folderOf({ 'a.jsonl.gz': packed, 'b.txt': 'two\nthree\n' });
    const reader = new DocumentReader([join(folder, 'a.jsonl.gz'), join(folder, 'b.txt')], {
      skipBadLines: true,
    });
    for await (const batch of reader.batches()) expect(batch.length).toBeGreaterThan(0);
    const bytes = packed.length + 10;
    expect(reader.progress).toEqual({ bytesRead: bytes, bytesTotal: bytes, documents: 3, skipped: 1 });
    for await (const _ of reader) break;
    expect(reader.progress).toMatchObject({ documents: 1, skipped: 1 });
  });

  it('does not know how much stdin will give', async () => {
    stdinOf([Buffer.from('one')]);
    const reader = new DocumentReader('-');
    for await (const _ of reader) expect(reader.progress.bytesTotal).toBeUndefined();
    expect(reader.progress).toMatchObject({ bytesRead: 3, documents: 1 });
  });
});

describe('readDocuments', () => {
  it('gives the texts alone, as often as asked', async () => {
    const documents = readDocuments(await fileOf('a.txt', 'one\ntwo'));
    for (let times = 0; times < 2; times++) {
      const texts: string[] = [];
      for await (const text of documents) texts.push(text);
      expect(texts).toEqual(['one', 'two']);
    }
  });
});
