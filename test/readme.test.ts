import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const readme = readFileSync('README.md', 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text);

describe('the README', () => {
  it('has an example that runs as printed', async () => {
    const [example] = blocks('js');
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', example]);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^(\S+ \d+(, |$))+$/);
  });

  it('names scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const named = [...`${readme}${readFileSync('CONTRIBUTING.md', 'utf8')}`.matchAll(/npm run ([\w:]+)/g)].map(
      ([, name]) => name,
    );
    expect(named.length).toBeGreaterThan(5);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it('links to files that there are', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, file]) => file);
    expect(links.filter((file) => !existsSync(file))).toEqual([]);
  });
});
