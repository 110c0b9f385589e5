import { describe, expect, it } from 'vitest';
import { DocumentReader, type ReadDocumentsOptions } from '#src/io/documents.js';

const any = (value: unknown) => value as never;

describe('the options of reading are refused at once', () => {
  it.each([
    [{ format: any('xml') }, 'ERR_INVALID_ARG_VALUE', "'auto', 'csv', 'tsv', 'jsonl', 'txt', 'file', but is \"xml\""],
    [{ textField: 0 }, 'ERR_OUT_OF_RANGE', 'textField must be an integer from 1 to'],
    [{ textField: '' }, 'ERR_INVALID_ARG_TYPE', 'textField must be a name or a number, but is "".'],
    [{ textField: any({}) }, 'ERR_INVALID_ARG_TYPE', 'textField must be a name or a number'],
    [{ textField: 'text', header: false }, 'ERR_INVALID_ARG_VALUE', 'textField names a column, "text"'],
    [{ header: any(1) }, 'ERR_INVALID_ARG_TYPE', 'header must be true or false, but is 1.'],
    [{ delimiter: '::' }, 'ERR_INVALID_ARG_VALUE', 'delimiter must be one ASCII character'],
    [{ delimiter: '"' }, 'ERR_INVALID_ARG_VALUE', 'delimiter must be one ASCII character'],
    [{ quotes: any('"') }, 'ERR_INVALID_ARG_TYPE', 'quotes must be true or false'],
    [{ member: '' }, 'ERR_INVALID_ARG_TYPE', 'member must be the name of a file in the archive'],
    [{ limit: 0 }, 'ERR_OUT_OF_RANGE', 'limit must be an integer of at least 1, but is 0.'],
    [{ limit: any('5') }, 'ERR_INVALID_ARG_TYPE', 'limit must be an integer, but is "5".'],
    [{ skipBadLines: any('no') }, 'ERR_INVALID_ARG_TYPE', 'skipBadLines must be true or false'],
    [{ maxLineBytes: 2 ** 40 }, 'ERR_OUT_OF_RANGE', 'maxLineBytes must be an integer from 1 to'],
    [{ signal: any({}) }, 'ERR_INVALID_ARG_TYPE', 'signal must be an AbortSignal'],
    [any({ column: 'text' }), 'ERR_UNKNOWN_OPTION', 'readDocuments has no option "column"'],
    [any('text'), 'ERR_INVALID_ARG_TYPE', 'The options of readDocuments must be a plain object'],
  ] as [ReadDocumentsOptions, string, string][])('%j', (options, code, message) => {
    const make = () => new DocumentReader('a.csv', options);
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});

describe('the inputs of reading are refused at once', () => {
  it.each([
    [[], 'ERR_INVALID_ARG_VALUE'],
    ['', 'ERR_INVALID_ARG_TYPE'],
    [['a.txt', 5], 'ERR_INVALID_ARG_TYPE'],
    ['a\0.txt', 'ERR_INVALID_ARG_TYPE'],
    [undefined, 'ERR_INVALID_ARG_TYPE'],
  ])('%j', (inputs, code) => {
    expect(() => new DocumentReader(any(inputs))).toThrow(expect.objectContaining({ code }));
  });
});
