/** gzip and tar: bombs, cut short, broken, with names that lead out; and inputs that are no files. */

import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readDocuments } from '../../../../dist/esm/index.js';
import { file, refused, taken, tarOf } from '../files.mjs';

const bad = 'ERR_BAD_RECORD';
const none = 'ERR_NO_SUCH_FILE';
const packed = gzipSync('one\ntwo\n');
const damaged = (at, value) => {
  const copy = Buffer.from(packed);
  copy[at < 0 ? copy.length + at : at] ^= value;
  return copy;
};
let bomb;
/** 100 MB in 100 kB. */
const bombOf = () => {
  bomb ??= gzipSync(Buffer.alloc(100_000_000, `${'a'.repeat(999)}\n`));
  return bomb;
};
const a = await tarOf([
  [{ name: 'a.txt' }, 'one\ntwo\n'],
  [{ name: 'dir/b.txt' }, 'three\n'],
]);
const escaping = await tarOf([
  [{ name: '../../escaped.txt' }, 'one\n'],
  [{ name: '/etc/absolute.txt' }, 'two\n'],
]);
const special = await tarOf([
  [{ name: 'link.txt', type: 'symlink', linkname: '/etc/passwd' }],
  [{ name: 'hard.txt', type: 'link', linkname: 'a.txt' }],
  [{ name: 'pipe.txt', type: 'fifo' }],
  [{ name: 'device.txt', type: 'character-device', devmajor: 1, devminor: 5 }],
  [{ name: 'folder.txt', type: 'directory' }],
]);
const drain = async (inputs, options) => {
  const texts = [];
  for await (const text of readDocuments(inputs, options)) texts.push(text);
  return texts;
};
const refuses = (name, call, code, names) => ({ name, call, code, names });

export const cases = [
  refused('gzip cut in its head', ['a.txt.gz', packed.subarray(0, 5)], bad, /a\.txt\.gz/),
  refused('gzip cut behind its head', ['a.txt.gz', packed.subarray(0, 12)], bad, /a\.txt\.gz/),
  refused('gzip cut before its sum', ['a.txt.gz', packed.subarray(0, -8)], bad, /a\.txt\.gz/),
  refused('gzip cut in its size', ['a.txt.gz', packed.subarray(0, -1)], bad, /a\.txt\.gz/),
  refused('gzip with a wrong sum', ['a.txt.gz', damaged(-6, 1)], bad, /a\.txt\.gz/),
  refused('gzip with a wrong size', ['a.txt.gz', damaged(-1, 1)], bad, /a\.txt\.gz/),
  refused('gzip of another method', ['a.txt.gz', damaged(2, 7)], bad, /a\.txt\.gz/),
  refused('gzip with broken data', ['a.txt.gz', damaged(11, 255)], bad, /a\.txt\.gz/),
  refused('two bytes of gzip', ['a.txt.gz', Buffer.from([0x1f, 0x8b])], bad, /a\.txt\.gz/),
  refused('gzip of gzip is no text', ['a.txt.gz', gzipSync(packed)], 'ERR_NOT_TEXT', /a\.txt\.gz/),
  refused('a bomb', ['a.txt.gz', bombOf, { limit: 2 ** 40 }], bad, /maxUnpackRatio/),
  refused('a bomb as one document', ['a.md.gz', bombOf], bad, /maxLineBytes|maxUnpackRatio/),
  refused(
    'a bomb without line ends',
    ['a.txt.gz', () => gzipSync(Buffer.alloc(100_000_000, 'a'))],
    bad,
    /maxLineBytes|maxUnpackRatio/,
  ),
  refused(
    'a bomb for csv',
    ['a.csv.gz', () => gzipSync(Buffer.alloc(100_000_000, ','))],
    bad,
    /maxLineBytes|maxUnpackRatio/,
  ),
  refused('a bomb inside an archive', ['a.tgz', () => bombInTar, { member: 'a.txt' }], bad, /maxUnpackRatio/),
  refused('more than maxUnpackedBytes', ['a.txt.gz', packed, { maxUnpackedBytes: 4 }], bad, /maxUnpackedBytes/),
  taken(
    'bytes behind the end of gzip that are zeros',
    ['a.txt.gz', Buffer.concat([packed, Buffer.alloc(100)])],
    ['one', 'two'],
  ),
  taken('a member that is empty', ['a.txt.gz', Buffer.concat([gzipSync(''), packed])], ['one', 'two']),
  refused('an archive without a choice', ['a.tar', a], 'ERR_INVALID_ARG_VALUE', /member/),
  refused('a member that is not there', ['a.tar', a, { member: 'c.txt' }], none, /c\.txt/),
  refused('a part of a name', ['a.tar', a, { member: 'xt', format: 'txt' }], none, /member/),
  refused('an archive cut short', ['a.tar', a.subarray(0, 700), { member: 'dir/b.txt' }], bad, /a\.tar/),
  refused('an archive of noise', ['a.tar', Buffer.alloc(2048, 'noise'), { member: 'a.txt' }], [bad, none], /a\.tar/),
  refused(
    'an archive with a wrong sum',
    ['a.tar', Buffer.concat([a.subarray(0, 148), Buffer.from('0000000\0'), a.subarray(156)]), { member: 'a.txt' }],
    bad,
    /a\.tar/,
  ),
  refused('an empty archive', ['a.tar', Buffer.alloc(1024), { member: 'a.txt' }], none, /a\.tar/),
  refused('an archive of nothing', ['a.tar', '', { member: 'a.txt' }], [none, bad], /a\.tar/),
  refused('a member that leads out is listed, not read', ['a.tar', escaping], 'ERR_INVALID_ARG_VALUE', /member/),
  taken('a member that leads out is text, not a path', ['a.tar', escaping, { member: 'escaped.txt' }], ['one']),
  ...['link.txt', 'hard.txt', 'pipe.txt', 'device.txt', 'folder.txt'].map((member) =>
    refused(`a member that is no file: ${member}`, ['a.tar', special, { member }], none, /member/),
  ),
  taken('a member', ['a.tar', a, { member: 'b.txt' }], ['three']),
  taken('a member of a packed archive', ['a.tgz', gzipSync(a), { member: 'a.txt' }], ['one', 'two']),
  refuses('a path that is not there', () => drain('/nowhere/at/all.csv'), none, /nowhere/),
  refuses(
    'a path through a file',
    () => drain(join(file('a.txt', 'x'), 'b.txt')),
    none,
    /cannot be read|does not exist/,
  ),
  refuses('a name with a NUL', () => drain('a\0b.txt'), 'ERR_INVALID_ARG_TYPE', /inputs/),
  refuses('a name of 5,000 letters', () => drain(`${'a'.repeat(5000)}.txt`), none, /cannot be read|does not exist/),
  refuses(
    'a name with line ends and colours',
    () => drain('/a\n\u001b[31mb\u202e.txt'),
    none,
    /\\u000a\\u001b\[31mb\\u202e/,
  ),
  refuses(
    'a link to itself',
    () => {
      const path = join(dirname(file('x.txt', '')), 'loop.txt');
      symlinkSync(path, path);
      return drain(path);
    },
    none,
    /cannot be read/,
  ),
  refuses(
    'a link to nothing',
    () => {
      const path = join(dirname(file('x.txt', '')), 'gone.txt');
      symlinkSync('/nowhere', path);
      return drain(path);
    },
    none,
    /does not exist/,
  ),
  refuses(
    'a folder of nothing',
    () => {
      const path = join(dirname(file('x.dat', '')), 'empty');
      mkdirSync(path);
      return drain(path);
    },
    none,
    /holds/,
  ),
  refuses(
    'a folder named as a csv file',
    () => {
      const path = join(dirname(file('x.dat', '')), 'folder.csv');
      mkdirSync(path);
      return drain(path);
    },
    none,
    /holds/,
  ),
  refuses('a glob that matches nothing', () => drain('/nowhere/*.csv'), none, /matches/),
  refuses('stdin named twice', () => drain(['-', '-']), 'ERR_INVALID_ARG_VALUE', /stdin/),
  refuses('a file whose reading fails', () => drain('/proc/self/mem', { format: 'txt' }), none, /cannot be read/),
];

const bombInTar = gzipSync(await tarOf([[{ name: 'a.txt' }, Buffer.alloc(100_000_000, `${'a'.repeat(999)}\n`)]]));
