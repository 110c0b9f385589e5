// Where an offline build of the addon finds Node's headers.
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** What of Node's own common.gypi an addon needs: a configuration to build, and code that can be loaded. */
const commonGypi = {
  target_defaults: {
    default_configuration: 'Release',
    configurations: { Release: { cflags: ['-O3'] }, Debug: { cflags: ['-g'] } },
    cflags: ['-fPIC', '-pthread'],
    ldflags: ['-pthread'],
  },
};

/** A folder with include/node: the running Node's prefix, or a stand-in made from node-api-headers. */
export function headers() {
  const prefix = resolve(dirname(process.execPath), '..');
  if (existsSync(join(prefix, 'include', 'node', 'node_api.h'))) return prefix;
  const folder = mkdtempSync(join(tmpdir(), 'corpuscle-headers-'));
  mkdirSync(join(folder, 'include'));
  const { include_dir } = createRequire(import.meta.url)('node-api-headers');
  symlinkSync(include_dir, join(folder, 'include', 'node'));
  writeFileSync(join(folder, 'common.gypi'), JSON.stringify(commonGypi));
  return folder;
}
