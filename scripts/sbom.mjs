// Prints the package's bill of materials (CycloneDX): npm's own, which has the dependencies, and what is compiled into the addon, which
// npm cannot know.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifestOf = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));

// With `--omit dev`, npm 11 leaves out every dependency that a development dependency needs too; so these are left out here.
const npmArgs = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
const bill = JSON.parse(
  execFileSync('npm', npmArgs, { cwd: root, encoding: 'utf8', maxBuffer: 1e8, shell: process.platform === 'win32' }),
);
bill.metadata.component.name = manifestOf('.').name; // npm takes that of the folder
const isForDevelopment = ({ properties = [] }) => properties.some(({ name }) => name === 'cdx:npm:package:development');
bill.components = bill.components.filter((component) => !isForDevelopment(component));

/** The compilers that the prebuilds at hand name, as 12.2.0. */
function compilerVersions() {
  try {
    const files = readdirSync(join(root, 'prebuilds'), { recursive: true }).filter((name) => name.endsWith('.node'));
    const texts = files.map((name) => readFileSync(join(root, 'prebuilds', name), 'latin1'));
    return [...new Set(texts.flatMap((text) => /GCC: \([^)]*\) ([\d.]+)/.exec(text)?.[1] ?? []))].sort();
  } catch {
    return []; // nothing is built
  }
}

const compiledIn = (name, version, license, description) => ({
  'bom-ref': `${name}@${version}`,
  type: 'library',
  name,
  version,
  scope: 'required',
  description,
  licenses: [license.includes(' ') ? { expression: license } : { license: { id: license } }],
});

const gcc = 'GPL-3.0-or-later WITH GCC-exception-3.1';
const addonApi = manifestOf('node_modules/node-addon-api');
const unicode = Object.keys(manifestOf('.').devDependencies)
  .find((name) => name.startsWith('@unicode/unicode-'))
  .replace('@unicode/unicode-', '');
const components = [
  compiledIn(addonApi.name, addonApi.version, addonApi.license, 'Headers, compiled into the addon.'),
  compiledIn(
    'unicode-character-database',
    unicode,
    'Unicode-3.0',
    'Tables of letters, compiled into the addon and the plain backend.',
  ),
  ...compilerVersions().flatMap((version) => [
    compiledIn('libgomp', version, gcc, 'OpenMP runtime, beside the addon in the prebuilds for Linux, renamed.'),
    compiledIn('libstdc++', version, gcc, 'Parts of the C++ library, linked into the prebuilds for Linux.'),
  ]),
];
bill.components.push(...components);
const refs = new Set([bill.metadata.component, ...bill.components].map((component) => component['bom-ref']));
bill.dependencies = bill.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
const own = bill.dependencies.find(({ ref }) => ref === bill.metadata.component['bom-ref']);
own.dependsOn = [...new Set([...own.dependsOn, ...components.map((component) => component['bom-ref'])])];
console.log(JSON.stringify(bill, undefined, 2));
