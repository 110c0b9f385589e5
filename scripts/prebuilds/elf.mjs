// Reads what the gates and the relabelling need of a 64-bit little-endian ELF file: the dynamic section, the dynamic symbols and
// their versions. The format is that of the System V ABI and of the Linux Standard Base (symbol versioning).

const sectionTypes = { dynamic: 6, dynsym: 11, verdef: 0x6ffffffd, verneed: 0x6ffffffe, versym: 0x6fffffff };
const tags = { needed: 1, soname: 14, rpath: 15, runpath: 29, flags1: 0x6ffffffb };
const machines = { 62: 'x64', 183: 'arm64' };

/** @param {Buffer} bytes the file, whose offsets the results name, so that a caller may change it in place */
export function readElf(bytes) {
  if (bytes.toString('latin1', 0, 4) !== '\x7fELF' || bytes[4] !== 2 || bytes[5] !== 1) {
    throw new Error('not a 64-bit little-endian ELF file');
  }
  const sections = readSections(bytes);
  const section = (name) => sections.find(({ type }) => type === sectionTypes[name]);
  const strings = sections[section('dynsym').link];
  const text = (offset) => bytes.toString('latin1', strings.offset + offset, bytes.indexOf(0, strings.offset + offset));

  const dynamic = readDynamic(bytes, section('dynamic'));
  const values = (name) => dynamic.filter(({ tag }) => tag === tags[name]).map(({ value }) => value);
  const needs = section('verneed') ? readNeeds(bytes, section('verneed'), text) : [];
  const defined = section('verdef') ? readDefinitions(bytes, section('verdef'), text) : new Map();
  return {
    machine: machines[bytes.readUInt16LE(18)] ?? `machine ${bytes.readUInt16LE(18)}`,
    strings,
    needed: values('needed').map(text),
    soname: values('soname').map(text)[0],
    rpath: values('rpath').map(text)[0],
    runpath: values('runpath').map(text)[0],
    nodelete: (values('flags1')[0] & 8) !== 0,
    needs,
    symbols: readSymbols(bytes, section('dynsym'), section('versym'), text, versionNames(needs, defined)),
  };
}

function readSections(bytes) {
  const table = Number(bytes.readBigUInt64LE(40));
  const size = bytes.readUInt16LE(58);
  return Array.from({ length: bytes.readUInt16LE(60) }, (_, i) => {
    const at = table + i * size;
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
      link: bytes.readUInt32LE(at + 40),
      count: bytes.readUInt32LE(at + 44),
    };
  });
}

function readDynamic(bytes, { offset, size }) {
  return Array.from({ length: size / 16 }, (_, i) => ({
    tag: Number(bytes.readBigInt64LE(offset + 16 * i)),
    value: Number(bytes.readBigUInt64LE(offset + 16 * i + 8)),
  }));
}

/** The versions that the file asks for: one entry per library and version, at `offset`, named by `index` in the symbols. */
function readNeeds(bytes, { offset, count }, text) {
  const needs = [];
  for (let i = 0, at = offset; i < count; i++, at += bytes.readUInt32LE(at + 12)) {
    const file = text(bytes.readUInt32LE(at + 4));
    let entry = at + bytes.readUInt32LE(at + 8);
    for (let j = 0; j < bytes.readUInt16LE(at + 2); j++, entry += bytes.readUInt32LE(entry + 12)) {
      needs.push({
        file,
        offset: entry,
        index: bytes.readUInt16LE(entry + 6),
        name: text(bytes.readUInt32LE(entry + 8)),
      });
    }
  }
  return needs;
}

/** The versions that the file gives, by their index. */
function readDefinitions(bytes, { offset, count }, text) {
  const definitions = new Map();
  for (let i = 0, at = offset; i < count; i++, at += bytes.readUInt32LE(at + 16)) {
    definitions.set(bytes.readUInt16LE(at + 4), text(bytes.readUInt32LE(at + bytes.readUInt32LE(at + 12))));
  }
  return definitions;
}

const versionNames = (needs, defined) => new Map([...defined, ...needs.map(({ index, name }) => [index, name])]);

function readSymbols(bytes, { offset, size }, versym, text, names) {
  return Array.from({ length: size / 24 }, (_, i) => {
    const at = offset + 24 * i;
    const versionOffset = versym === undefined ? undefined : versym.offset + 2 * i;
    return {
      name: text(bytes.readUInt32LE(at)),
      isDefined: bytes.readUInt16LE(at + 6) !== 0,
      address: bytes.readBigUInt64LE(at + 8),
      versionOffset,
      version: versionOffset === undefined ? undefined : names.get(bytes.readUInt16LE(versionOffset) & 0x7fff),
    };
  }).filter(({ name }) => name !== '');
}

/** Negative where version `a` is older than `b`; of the forms GLIBC_2.28 and 2.28. */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map((name) => name.replace(/^.*_/, '').split('.').map(Number));
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The newest version of `kind`, as in GLIBC, that the file asks for; undefined where it asks for none. */
export function newestNeeded({ needs }, kind) {
  const names = needs.map(({ name }) => name).filter((name) => new RegExp(`^${kind}_[0-9.]+$`).test(name));
  return names.sort(compareVersions).at(-1);
}
