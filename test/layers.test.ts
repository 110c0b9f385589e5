import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the ground up: a room imports from rooms before it alone. */
const floors = [
  'core',
  'matrix',
  'backends',
  'io',
  'text',
  'cooccurrence',
  'cluster',
  'sweep',
  'index.ts',
  'bench',
  'cli',
];

const files = (folder: string, ending: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => join(folder, file));
const read = (file: string) => readFileSync(file, 'utf8');
const room = (file: string) => file.split('/')[1];

describe('the house', () => {
  it.each(files('src', /\.c?ts$/))('%s imports downwards', (file) => {
    const imports = [...read(file).matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, path]) =>
      normalize(join(dirname(file), path)),
    );
    expect(floors).toContain(room(file));
    for (const imported of imports) {
      const target = room(imported).replace(/^index\.js$/, 'index.ts');
      expect(floors.indexOf(target), `${file} imports ${imported}`).toBeLessThanOrEqual(floors.indexOf(room(file)));
    }
  });

  it.each(files('native/kernels', /\.[ch]pp$/))('%s knows neither JavaScript nor, but in one place, OpenMP', (file) => {
    expect(read(file)).not.toMatch(/napi/i);
    if (!file.endsWith('parallel.hpp')) expect(read(file)).not.toMatch(/omp\.h|#pragma omp/);
  });

  it('the addon and its types export the same functions', () => {
    const native = [...read('native/bindings/addon.cpp').matchAll(/add\("(\w+)"/g)].map(([, name]) => name);
    const types = [
      ...read('src/backends/native/addon.ts')
        .split('export interface Addon {')[1]
        .split('\n}')[0]
        .matchAll(/^ {2}(\w+)[(:]/gm),
    ];
    expect(native.sort()).toEqual(types.map(([, name]) => name).sort());
  });
});
