import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const built = 'build/Release/corpuscle.node';
const folder = mkdtempSync(join(tmpdir(), 'corpuscle-gates-'));
afterAll(() => rmSync(folder, { recursive: true }));

const target = process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64';
const other = process.arch === 'arm64' ? 'linux-x64' : 'linux-arm64';

function check(...options: string[]) {
  return spawnSync(process.execPath, ['scripts/prebuilds/check.mjs', '--folder', folder, ...options], {
    encoding: 'utf8',
  });
}

function replaced(bytes: Buffer, from: string, to: string): Buffer {
  const text = bytes.toString('latin1');
  expect(text).toContain(from);
  return Buffer.from(text.replaceAll(from, to), 'latin1');
}

// The addon of a clone is no prebuild: it needs the system's OpenMP runtime. So the gates have something to find.
describe.skipIf(process.platform !== 'linux' || !existsSync(built))('the gates of a prebuild', () => {
  beforeAll(() => {
    for (const name of [target, other, 'linux-ia32']) mkdirSync(join(folder, name));
    copyFileSync(built, join(folder, target, 'corpuscle.glibc.node'));
    copyFileSync(built, join(folder, other, 'corpuscle.glibc.node'));
    writeFileSync(join(folder, 'linux-ia32', 'corpuscle.glibc.node'), readFileSync(built).subarray(0, 1000));
  });

  it('find each fault, and say which file has it', () => {
    const { status, stderr } = check('--require', 'linux-riscv64/glibc');
    expect(status).toBe(1);
    expect(stderr).toMatch(`${target}/corpuscle.glibc.node: it needs only libraries that Node needs too`);
    expect(stderr).toContain('libgomp.so.1');
    expect(stderr).toMatch(
      `${other}/corpuscle.glibc.node: it holds machine code for ${other.slice(6)}? No: it is ${process.arch}`,
    );
    expect(stderr).toMatch('linux-ia32/corpuscle.glibc.node: it can be read? No');
    expect(stderr).toMatch('linux-riscv64/glibc has no prebuild.');
  });

  it.each([
    ['takes no more than', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(2_000_000)])],
    [
      'names no folder',
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('\0/home/somebody/native/kernels/kmeans.cpp\0')]),
    ],
    ['looks for its own libraries', (bytes: Buffer) => replaced(bytes, '$ORIGIN\0', '/nobody\0')],
    [
      'stays in memory',
      (bytes: Buffer) => replaced(bytes, '\xfb\xff\xff\x6f\0\0\0\0\x09', '\xfb\xff\xff\x6f\0\0\0\0\x01'),
    ],
    ['can be loaded', (bytes: Buffer) => replaced(bytes, 'napi_register_module_v1', 'napi_register_module_v0')],
    ['finds beside it', (bytes: Buffer) => replaced(bytes, 'libstdc++.so.6', 'corpuscle.so.6')],
    ['can be read', (bytes: Buffer) => replaced(bytes, '\x7fELF\x02\x01', '\x7fELF\x02\x02')],
  ])('find a file of which it is not true that it %s', (gate, change) => {
    const name = `changed-${gate.replaceAll(' ', '-')}.glibc.node`;
    writeFileSync(join(folder, target, name), change(readFileSync(built)));
    const before = `${target}/corpuscle.glibc.node: it ${gate}`;
    const { stderr } = check();
    expect(stderr).toContain(`${target}/${name}: it ${gate}`);
    expect(stderr).not.toContain(before);
    rmSync(join(folder, target, name));
  });

  it('are passed by what is right in the same file', () => {
    const { stdout, stderr } = check();
    expect(stdout).toMatch(/3 addons; gates: \d+ passed, \d+ failed/);
    expect(stderr).not.toContain(`${target}/corpuscle.glibc.node: it exports`);
    expect(stderr).not.toContain(`${target}/corpuscle.glibc.node: it stays in memory`);
    expect(stderr).not.toContain(`${target}/corpuscle.glibc.node: it looks for`);
  });
});

describe('a folder without prebuilds', () => {
  it('is not taken for checked', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const { status, stderr } = check('--folder', empty);
    expect(status).toBe(1);
    expect(stderr).toContain('holds no addon');
  });
});
