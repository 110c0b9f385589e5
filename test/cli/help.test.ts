import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { backendInfo } from '#src/index.js';
import { corpuscle } from './support.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

describe('corpuscle', () => {
  test('shows its help when it is called alone', async () => {
    const alone = await corpuscle([]);
    expect(alone).toEqual(await corpuscle(['--help']));
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    for (const command of ['cluster', 'sweep', 'cooccur', 'bench', 'info'])
      expect(alone.stdout).toContain(`  ${command} `);
  });

  test('shows its version', async () => {
    expect(await corpuscle(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each(['cluster', 'sweep', 'cooccur', 'bench', 'info'])('%s --help ends with an example', async (command) => {
    const { code, stdout } = await corpuscle([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`\\nExamples?:\\n  corpuscle ${command} `));
  });

  test.each(['cluster', 'sweep', 'cooccur'])('%s --help groups the options', async (command) => {
    const { stdout } = await corpuscle([command, '--help']);
    for (const group of ['Reading:', 'Counting terms:', 'Computing', 'Output:']) expect(stdout).toContain(`\n${group}`);
  });

  test('info says what computes', async () => {
    const { code, stdout } = await corpuscle(['info', '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version,
      node: process.versions.node,
      ...backendInfo(),
    });
    const table = await corpuscle(['info']);
    expect(table.stdout).toMatch(new RegExp(`^backend +${backendInfo().backend}$`, 'm'));
  });
});
