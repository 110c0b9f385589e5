import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { requireWholeFiles } from '#src/backends/native/whole-file.js';

const folder = mkdtempSync(join(tmpdir(), 'corpuscle-whole-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The head of an ELF file with one loaded segment, of `bytes` bytes from the file's start. */
function elf(bytes: number): Buffer {
  const head = Buffer.alloc(120);
  head.write('\x7fELF\x02\x01\x01', 'latin1');
  head.writeBigUInt64LE(64n, 32); // the table of segments follows the header
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(1, 56);
  head.writeUInt32LE(1, 64);
  head.writeBigUInt64LE(BigInt(bytes), 96);
  return head;
}

function write(name: string, bytes: Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

describe('an addon that is to be loaded', () => {
  it('may end where its last loaded segment ends', () => {
    expect(() => requireWholeFiles(write('whole.node', elf(120)))).not.toThrow();
  });

  it('is refused when it ends before, which would end the process', () => {
    const file = write('cut.node', elf(121));
    expect(() => requireWholeFiles(file)).toThrow(`${file} is cut off: it has 120 bytes, and must have 121 at least.`);
  });

  it('is refused when it ends within its table of segments', () => {
    const file = write('table.node', elf(120).subarray(0, 100));
    expect(() => requireWholeFiles(file)).toThrow('must have 120 at least');
  });

  it('is left to the loader of its system when it is of another form, or empty', () => {
    expect(() => requireWholeFiles(write('text.node', Buffer.from('this is no addon')))).not.toThrow();
    expect(() => requireWholeFiles(write('empty.node', Buffer.alloc(0)))).not.toThrow();
  });

  it('is refused with a library of this package beside it that is cut off', () => {
    const file = write('good.node', elf(120));
    write('libgomp-corpuscle-glibc.so.1', elf(500));
    expect(() => requireWholeFiles(file)).toThrow('libgomp-corpuscle-glibc.so.1 is cut off');
  });
});
