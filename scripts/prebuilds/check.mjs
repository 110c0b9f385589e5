// The gates that each file under prebuilds/ must pass before it is published.
//
//   npm run check:prebuilds                                    what is there
//   npm run check:prebuilds -- --require linux-x64/glibc ...   and that these are there
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newestNeeded, readElf } from './elf.mjs';
import { gatesOf } from './gates.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string', default: fileURLToPath(new URL('../../prebuilds', import.meta.url)) },
    require: { type: 'string', multiple: true, default: [] },
  },
});
const list = (folder) => {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
};

let passed = 0;
const problems = [];
const found = [];
for (const target of list(values.folder)) {
  const [platform, arch] = target.split('-');
  const beside = list(join(values.folder, target));
  for (const name of beside) {
    const bytes = readFileSync(join(values.folder, target, name));
    const results = check(bytes, { name, platform, arch, beside });
    const failed = results.filter(({ problem }) => problem !== null);
    passed += results.length - failed.length;
    problems.push(...failed.map(({ gate, problem }) => `${target}/${name}: it ${gate}? No: ${problem}.`));
    if (name.endsWith('.node')) found.push(`${target}/${/\.(glibc|musl)\.node$/.exec(name)?.[1] ?? ''}`);
    console.log(
      `${target}/${name}: ${results.length - failed.length} of ${results.length} gates; ${summary(bytes, platform)}`,
    );
  }
}
for (const target of [...values.require, ...positionals]) {
  if (!found.includes(target)) problems.push(`${target} has no prebuild.`);
}
if (found.length === 0) problems.push(`${values.folder} holds no addon; \`npm run build:prebuilds\` builds it.`);
for (const problem of problems) console.error(problem);
console.log(`${found.length} addons; gates: ${passed} passed, ${problems.length} failed`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** A file that cannot be read at all fails one gate. */
function check(bytes, place) {
  try {
    return gatesOf(bytes, place);
  } catch (error) {
    return [{ gate: 'can be read', problem: error.message }];
  }
}

function summary(bytes, platform) {
  const size = `${bytes.length} bytes`;
  if (platform !== 'linux') return size;
  try {
    const elf = readElf(bytes);
    return `${newestNeeded(elf, 'GLIBC') ?? 'no glibc'}, ${newestNeeded(elf, 'GLIBCXX') ?? 'no GLIBCXX'}, ${size}`;
  } catch {
    return size;
  }
}
