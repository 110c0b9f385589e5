/** JSON, an object a line. */

import { refused, taken } from '../files.mjs';

const bad = 'ERR_BAD_RECORD';
const missing = 'ERR_MISSING_FIELD';
const noText = 'ERR_NOT_TEXT';
const at = /a\.jsonl:1/;
const line = (value) => ['a.jsonl', `${value}\n`];

export const cases = [
  ...[
    ['a line cut short', '{"text": "ab'],
    ['a line cut inside an escape', '{"text": "a\\u00'],
    ['a brace alone', '{'],
    ['a bracket alone', ']'],
    ['a word', 'text'],
    ['single quotes', "{'text': 'a'}"],
    ['a comma at the end', '{"text": "a",}'],
    ['a comment', '{"text": "a"} // b'],
    ['two values', '{"text": "a"} {"text": "b"}'],
    ['NaN', '{"text": NaN}'],
    ['infinity', '{"text": Infinity}'],
    ['a number with a leading zero', '{"text": 01}'],
    ['a control character', '{"text": "a\tb"}'],
    ['an escape that is none', '{"text": "\\x41"}'],
    ['undefined', 'undefined'],
    ['depth 100,000, cut short', '['.repeat(100_000)],
    ['depth 100,000 of objects, cut short', '{"a":'.repeat(100_000)],
  ].map(([name, value]) => refused(name, line(value), bad, at)),
  ...[
    ['null', 'null'],
    ['a number', '5'],
    ['a text', '"text"'],
    ['a list', '[{"text": "a"}]'],
    ['an empty object', '{}'],
    ['another field', '{"body": "a"}'],
    ['a field of null', '{"text": null}'],
    ['a field of true', '{"text": true}'],
    ['a field of lists', '{"text": ["a"]}'],
    ['a field of objects', '{"text": {"a": 1}}'],
    ['depth 100,000', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a text below __proto__', '{"__proto__": {"text": "a"}}'],
    ['10,000 other fields', `{${Array.from({ length: 10_000 }, (_, i) => `"f${i}":1`).join()}}`],
    ['a field whose name has control characters', '{"\\u001b[31m": "a"}'],
  ].map(([name, value]) => refused(name, line(value), missing, at)),
  refused(
    'the field constructor of what has none',
    ['a.jsonl', '{"text": "a"}\n', { textField: 'constructor' }],
    missing,
    /constructor/,
  ),
  refused(
    'the field toString of what has none',
    ['a.jsonl', '{"text": "a"}\n', { textField: 'toString' }],
    missing,
    /toString/,
  ),
  refused(
    'a path through __proto__',
    ['a.jsonl', '{"text": "a"}\n', { textField: '__proto__.x' }],
    missing,
    /__proto__/,
  ),
  refused('a path through a text', ['a.jsonl', '{"text": "a"}\n', { textField: 'text.length' }], missing, /length/),
  refused('a path of dots', ['a.jsonl', '{"text": "a"}\n', { textField: '...' }], missing, /\.\.\./),
  refused('a field number', ['a.jsonl', '{"text": "a"}\n', { textField: 1 }], 'ERR_INVALID_ARG_VALUE', /textField/),
  refused('a NUL', ['a.jsonl', '{"text": "a\0"}\n'], noText, at),
  refused('a byte that is no UTF-8', ['a.jsonl', Buffer.from('{"text": "\xff"}\n', 'latin1')], noText, at),
  refused('UTF-16', ['a.jsonl', Buffer.from('\ufeff{"text": "a"}\n', 'utf16le')], noText, /a\.jsonl/),
  refused(
    'a line above maxLineBytes',
    ['a.jsonl', `{"text": "${'x'.repeat(2000)}"}\n`, { maxLineBytes: 1000 }],
    bad,
    /maxLineBytes/,
  ),
  refused('a line of 20 MB', ['a.jsonl', () => `{"text": "${'x'.repeat(17_000_000)}"}\n`], bad, /maxLineBytes/),
  refused('20 MB without a line end', ['a.jsonl', () => ' '.repeat(17_000_000)], bad, /maxLineBytes/),
  refused('the second line is bad', ['a.jsonl', '{"text": "a"}\n{\n'], bad, /a\.jsonl:2/),
  taken('nothing', ['a.jsonl', ''], []),
  taken('blank lines', ['a.jsonl', '\n \n\r\n\t\n'], []),
  taken('a field twice: the last, as JSON has it', line('{"text": "a", "text": "b"}'), ['b']),
  taken('a lone surrogate as an escape', line('{"text": "\\ud800"}'), ['\ud800']),
  taken('1e400', line('{"text": 1e400}'), ['Infinity']),
  taken('a number', line('{"text": -0.5}'), ['-0.5']),
  taken('a path', ['a.jsonl', '{"a": {"b": "c"}}\n', { textField: 'a.b' }], ['c']),
  taken('a name with a dot before a path', ['a.jsonl', '{"a.b": "x", "a": {"b": "c"}}\n', { textField: 'a.b' }], ['x']),
  taken('a field named __proto__', ['a.jsonl', '{"__proto__": "a"}\n', { textField: '__proto__' }], ['a']),
  taken('an escaped NUL', line('{"text": "a\\u0000b"}'), ['a\0b']),
  taken('bad lines that are skipped', ['a.jsonl', '{\n{"text": "a"}\n5\n', { skipBadLines: true }], ['a']),
  taken('depth 100,000 beside the text', line(`{"text": "a", "b": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`), [
    'a',
  ]),
];
