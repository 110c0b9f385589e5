/** A library file that was cut off, by a full disk or an install that was broken off, must not be mapped: that ends the process. */

import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';

const elfHeaderBytes = 64;
const segmentEntryBytes = 56;

/** @throws Error when the addon, or a library of this package beside it, ends before what it says is in it */
export function requireWholeFiles(addonFile: string): void {
  const folder = dirname(addonFile);
  const own = readdirSync(folder).filter((name) => /^lib.*corpuscle.*\.so/.test(name));
  for (const file of [addonFile, ...own.map((name) => join(folder, name))]) {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      const needed = loadedBytes(descriptor);
      if (size < needed) throw new Error(`${file} is cut off: it has ${size} bytes, and must have ${needed} at least.`);
    } finally {
      closeSync(descriptor);
    }
  }
}

/** Where the last loaded segment of a 64-bit little-endian ELF file ends; 0 for other files, which their system's loader checks. */
function loadedBytes(descriptor: number): number {
  const header = readAt(descriptor, 0, elfHeaderBytes);
  const isElf64 =
    header.length === elfHeaderBytes && header.readUInt32BE(0) === 0x7f454c46 && header.readUInt16LE(4) === 0x0102;
  if (!isElf64) return 0;
  if (header.readUInt16LE(54) !== segmentEntryBytes) return 0;
  const start = Number(header.readBigUInt64LE(32));
  const tableBytes = header.readUInt16LE(56) * segmentEntryBytes;
  const table = readAt(descriptor, start, tableBytes);
  let end = start + tableBytes;
  for (let at = 0; at + segmentEntryBytes <= table.length; at += segmentEntryBytes) {
    const isLoaded = table.readUInt32LE(at) === 1;
    if (isLoaded) end = Math.max(end, Number(table.readBigUInt64LE(at + 8) + table.readBigUInt64LE(at + 32)));
  }
  return end;
}

function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
}
