// Makes a library that was linked here load on systems with an older glibc.
//
// glibc 2.34 took libpthread and libdl into libc.so.6 and gave their functions a second version: pthread_create is there as
// GLIBC_2.2.5, which every older binary asks for, and as GLIBC_2.34, which the linker writes into a new one. Both names stand for one
// address. Where they do, in the glibc of this build, the older name asks for the same function, so it is put in the newer's place:
// the file keeps its layout, only version entries change. A symbol that is really new has no such twin and stays; the gates say so.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { compareVersions, readElf } from './elf.mjs';

/**
 * @param {string} file changed in place
 * @param {(library: string) => string} find the path of the library of that name that the file was linked with
 * @param {string} floor as '2.28'
 * @returns {{ changed: string[], kept: string[] }} the symbols with their versions; kept are those that are really new
 */
export function askForOlderGlibc(file, find, floor, patchelf) {
  const changed = [];
  const kept = [];
  for (const library of new Set(newVersions(file, floor).map((need) => need.file))) {
    const elf = readElf(readFileSync(file));
    const versions = newVersions(file, floor).filter((need) => need.file === library);
    const asked = elf.symbols.filter(
      ({ isDefined, version }) => !isDefined && versions.some(({ name }) => name === version),
    );
    const twins = findTwins(asked, find(library), floor);
    const lonely = asked.filter(({ name }) => !twins.has(name));
    kept.push(...lonely.map(({ name, version }) => `${name} of ${version}`));
    changed.push(...[...twins].map(([name, version]) => `${name} of ${version}`));
    for (const version of new Set(twins.values())) addString(file, version, patchelf);
    const free = versions.map(({ name }) => name).filter((name) => !lonely.some(({ version }) => version === name));
    relabel(file, library, free, twins);
  }
  return { changed, kept };
}

/** The versions of glibc above `floor` that the file asks for. */
function newVersions(file, floor) {
  const isNew = ({ name }) => /^GLIBC_[0-9.]+$/.test(name) && compareVersions(name, floor) > 0;
  return readElf(readFileSync(file)).needs.filter(isNew);
}

/** For each symbol that has one, the newest version that is not above `floor` and that is the same function. */
function findTwins(asked, libraryFile, floor) {
  const library = readElf(readFileSync(libraryFile)).symbols.filter(({ isDefined }) => isDefined);
  const twins = new Map();
  for (const { name, version } of asked) {
    const current = library.find((symbol) => symbol.name === name && symbol.version === version);
    const older = library
      .filter((symbol) => symbol.name === name && symbol.address === current?.address)
      .map((symbol) => symbol.version)
      .filter((candidate) => compareVersions(candidate, floor) <= 0)
      .sort(compareVersions);
    if (older.length > 0) twins.set(name, older.at(-1));
  }
  return twins;
}

/** Names the older versions in the entries of the `free` newer ones, then points the symbols at these. */
function relabel(file, library, free, twins) {
  const bytes = readFileSync(file);
  const elf = readElf(bytes);
  const needs = elf.needs.filter((need) => need.file === library);
  const indexOf = new Map(needs.filter(({ name }) => !free.includes(name)).map(({ name, index }) => [name, index]));
  const missing = [...new Set(twins.values())].filter((version) => !indexOf.has(version));
  if (missing.length > free.length) throw new Error(`${file} has no room for the versions ${missing.join(', ')}`);

  for (const { offset, index } of needs.filter(({ name }) => free.includes(name))) {
    const version = missing.shift() ?? [...twins.values()][0]; // an entry more for a version that is there already is allowed
    bytes.writeUInt32LE(hash(version), offset);
    bytes.writeUInt32LE(stringOffset(bytes, elf.strings, version), offset + 8);
    indexOf.set(version, index);
  }
  for (const { name, isDefined, versionOffset } of elf.symbols) {
    if (!isDefined && twins.has(name)) bytes.writeUInt16LE(indexOf.get(twins.get(name)), versionOffset);
  }
  writeFileSync(file, bytes);
}

/** Makes sure that `string` is in the string table. patchelf keeps a soname that it has replaced, so it is one for a moment. */
function addString(file, string, patchelf) {
  const bytes = readFileSync(file);
  const { strings, soname } = readElf(bytes);
  if (stringOffset(bytes, strings, string) !== undefined) return;
  execFileSync(patchelf, ['--set-soname', string, file]);
  execFileSync(patchelf, ['--set-soname', soname, file]);
}

function stringOffset(bytes, { offset, size }, string) {
  const at = bytes.subarray(offset, offset + size).indexOf(`\0${string}\0`, 0, 'latin1');
  return at < 0 ? undefined : at + 1;
}

/** The hash of the System V ABI. */
function hash(string) {
  let h = 0;
  for (const character of string) {
    h = ((h << 4) >>> 0) + character.charCodeAt(0);
    const high = h & 0xf0000000;
    h = ((h ^ (high >>> 24)) & ~high) >>> 0;
  }
  return h;
}
