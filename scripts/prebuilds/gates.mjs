// What must be true of a file before it is published: each gate is a sentence about it, and null or what speaks against it.
import { compareVersions, newestNeeded, readElf } from './elf.mjs';

/** The newest versions that the oldest systems have on which Node's own binaries run: RHEL 8, Debian 10. */
const limits = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11' };
const exported = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
const maxBytes = { addon: 2_000_000, runtime: 600_000 }; // ours take 1.4 million and 350,000

/** Where a compiler or a linker leaves the folders of the machine it ran on. */
const buildPath =
  /(?:\/(?:root|home|tmp|builds?|work|__w|Users|github|usr\/(?:src|include|local|lib\/gcc))\/|[A-Z]:\\)[\w.\\/-]{3,}/;

/**
 * @param {Buffer} bytes
 * @param {{ name: string, platform: string, arch: string, beside: string[] }} place `beside`: the names of the files in its folder
 * @returns {{ gate: string, problem: string | null }[]}
 */
export function gatesOf(bytes, place) {
  const gates = [];
  const gate = (sentence, problem) => gates.push({ gate: sentence, problem: problem || null });
  const isAddon = place.name.endsWith('.node');
  const budget = isAddon ? maxBytes.addon : maxBytes.runtime;

  gate(`holds machine code for ${place.arch}`, differs(machineOf(bytes, place.platform), place.arch));
  gate(`takes no more than ${budget} bytes`, bytes.length > budget && `it takes ${bytes.length}`);
  gate('names no folder of the machine that built it', buildPath.exec(bytes.toString('latin1'))?.[0]);
  if (place.platform === 'linux') linuxGates(readElf(bytes), place, isAddon, gate);
  return gates;
}

function linuxGates(elf, place, isAddon, gate) {
  for (const [kind, limit] of Object.entries(limits)) {
    const newest = newestNeeded(elf, kind);
    const tooNew = newest !== undefined && compareVersions(newest, limit) > 0;
    gate(`asks for ${kind}_${limit} at most`, tooNew && `${symbolOf(elf, newest)} is of ${newest}`);
  }
  const allowed = allowedLibraries(place);
  const foreign = elf.needed.filter((name) => !allowed.some((pattern) => pattern.test(name)));
  gate('needs only libraries that Node needs too, or that lie beside it', foreign.join(', '));
  const absent = elf.needed.filter((name) => name.includes('corpuscle') && !place.beside.includes(name));
  gate('finds beside it what it brings along', absent.length > 0 && `${absent.join(', ')} is not there`);
  if (!isAddon) {
    gate('bears the name under which it is asked for', differs(elf.soname, place.name));
    return;
  }
  gate('looks for its own libraries in its own folder alone', differs(elf.rpath ?? elf.runpath, '$ORIGIN'));
  gate('stays in memory when a worker ends', !elf.nodelete && 'it has no NODELETE flag');
  const given = elf.symbols
    .filter(({ isDefined, version }) => isDefined && version === undefined)
    .map(({ name }) => name);
  const others = given.filter((name) => !exported.includes(name));
  gate(
    'exports what Node asks for and nothing else',
    others.length > 0 && `it exports ${others.slice(0, 3).join(', ')}`,
  );
  gate('can be loaded as an addon', !given.includes(exported[0]) && `it does not export ${exported[0]}`);
}

const differs = (actual, expected) => actual !== expected && `it is ${actual ?? 'not set'}, not ${expected}`;

const symbolOf = ({ symbols }, version) => symbols.find((symbol) => symbol.version === version)?.name ?? 'a symbol';

/** The C and C++ libraries, which Node itself needs, and the OpenMP runtime of this package. */
function allowedLibraries({ name }) {
  const own = /^libgomp-corpuscle-(?:glibc|musl)\.so\.1$/;
  if (name.includes('musl')) return [own, /^libc\.musl-\w+\.so\.1$/, /^libstdc\+\+\.so\.6$/, /^libgcc_s\.so\.1$/];
  return [
    own,
    /^lib(?:c|m)\.so\.6$/,
    /^libpthread\.so\.0$/,
    /^libdl\.so\.2$/,
    /^libgcc_s\.so\.1$/,
    /^ld-linux-[\w-]+\.so\.[12]$/,
  ];
}

function machineOf(bytes, platform) {
  if (platform === 'linux') return readElf(bytes).machine;
  if (platform === 'win32') {
    if (bytes.toString('latin1', 0, 2) !== 'MZ') return 'not a PE file';
    const machine = bytes.readUInt16LE(bytes.readUInt32LE(0x3c) + 4);
    return { 34404: 'x64', 43620: 'arm64' }[machine] ?? `machine ${machine}`;
  }
  if (bytes.readUInt32LE(0) !== 0xfeedfacf) return 'not a 64-bit Mach-O file';
  return { 16777223: 'x64', 16777228: 'arm64' }[bytes.readUInt32LE(4)] ?? `machine ${bytes.readUInt32LE(4)}`;
}
