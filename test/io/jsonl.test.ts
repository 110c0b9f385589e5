import { describe, expect, it } from 'vitest';
import { DocumentReader } from '#src/io/documents.js';
import { byteByByte, failureOf, fileOf, recordsOf, stdinOf, textsOf } from './support.js';

describe('a .jsonl file', () => {
  it('gives the field text of each line, and skips blank lines', async () => {
    const path = await fileOf('a.jsonl', '{"text": "one"}\n\n \r\n{"stars": 5, "text": "two\\nlines"}');
    expect(await recordsOf(path)).toEqual([
      { text: 'one', source: path, line: 1 },
      { text: 'two\nlines', source: path, line: 4 },
    ]);
  });

  it('is known as .ndjson too', async () => {
    expect(await textsOf(await fileOf('a.ndjson', '{"text":"one"}'))).toEqual(['one']);
  });

  it('reaches into objects by dots, where no field has the name as a whole', async () => {
    const path = await fileOf('a.jsonl', '{"a": {"b": "inner"}}\n{"a.b": "whole", "a": {"b": "inner"}}\n');
    expect(await textsOf(path, { textField: 'a.b' })).toEqual(['inner', 'whole']);
  });

  it('takes numbers as their text', async () => {
    expect(await textsOf(await fileOf('a.jsonl', '{"text": 12.5}'))).toEqual(['12.5']);
  });

  it('comes out the same however it is split into chunks', async () => {
    stdinOf(byteByByte('\ufeff{"text":"naïve"}\r\n{"text":"東京 😀"}'));
    expect(await textsOf('-', { format: 'jsonl' })).toEqual(['naïve', '東京 😀']);
  });

  it('refuses a malformed line by its number, after the documents before it', async () => {
    const path = await fileOf('a.jsonl', '{"text":"one"}\n{"text":\n{"text":"two"}\n');
    const { texts, code, message } = await failureOf(path);
    expect([texts, code]).toEqual([['one'], 'ERR_BAD_RECORD']);
    expect(message).toContain(`${path}:2 is not JSON (`);
  });

  it('names the fields that are there where the one asked for is not', async () => {
    const path = await fileOf('a.jsonl', '{"stars":1,"body":"x"}\n');
    expect(await failureOf(path)).toMatchObject({
      code: 'ERR_MISSING_FIELD',
      message: `${path}:1 has no field "text"; its fields are "stars", "body".`,
    });
  });

  it.each([
    ['{"text":null}', 'must have a string in the field "text", but has null'],
    ['{"text":["x"]}', 'must have a string in the field "text", but has an array'],
    ['{"text":{}}', 'must have a string in the field "text", but has an object'],
    ['{"text":true}', 'must have a string in the field "text", but has true'],
    ['["x"]', 'must be an object with the field "text", but is an array'],
    ['"x"', 'must be an object with the field "text", but is "x"'],
    ['{}', 'has no field "text"; its fields are none'],
  ])('refuses %s', async (line, message) => {
    const path = await fileOf('a.jsonl', line);
    expect(await failureOf(path)).toMatchObject({
      code: 'ERR_MISSING_FIELD',
      message: `${path}:1 ${message}.`,
    });
  });

  it('does not find what every object inherits', async () => {
    const path = await fileOf('a.jsonl', '{"a":"x"}');
    for (const textField of ['__proto__', 'constructor.name', 'a.length']) {
      expect(await failureOf(path, { textField })).toMatchObject({ code: 'ERR_MISSING_FIELD' });
    }
  });

  it('takes no number as its field', async () => {
    const path = await fileOf('a.jsonl', '{"text":"x"}');
    expect(await failureOf(path, { textField: 1 })).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });

  it('counts and skips bad lines where asked to', async () => {
    const lines = ['{"text":"one"}', '{', '{"body":"x"}', '{"text":"a\0b"}', '{"text":"two"}'];
    const reader = new DocumentReader(await fileOf('a.jsonl', lines.join('\n')), { skipBadLines: true });
    const records = [];
    for await (const { text, line } of reader) records.push([text, line]);
    expect(records).toEqual([
      ['one', 1],
      ['two', 5],
    ]);
    expect(reader.progress).toMatchObject({ documents: 2, skipped: 3 });
  });
});
