// Hostile input: hand-written cases, every strange value in every argument, garbage to the addon itself, and properties.
// `--list` names the hand-written cases; `--long` takes every value and 200,000 runs of properties, where the short form takes
// some; `--only cases,grid,addon,properties` some parts; `--accept` writes which values each argument takes.
// All runs in processes of their own, so that a crash is seen as one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { throughCrashes } from '../test/reliability/children.mjs';
import { flags, Tally } from '../test/reliability/package-lib.mjs';

const folder = fileURLToPath(new URL('../test/reliability/hostile/', import.meta.url));
const { long = false, list = false, accept = false, only = 'cases,grid,addon,properties' } = flags();
const maxRss = 1500; // MB, of a child
const hasAddon = existsSync(fileURLToPath(new URL('../build/Release/corpuscle.node', import.meta.url)));
const backends = hasAddon ? ['parallel', 'plain'] : ['plain'];
const every = long || accept ? 1 : 6;
const tally = new Tally('test:hostile');
const counts = [];

if (list) {
  const { stdout } = spawnSync(process.execPath, [`${folder}cases-child.mjs`, '--list'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const cases = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const { table, name } of cases) console.log(`${table.padEnd(13)} ${name}`);
  console.log(`\n${cases.length} cases`);
  process.exit();
}

/** Runs a child to its end and tells what went wrong; `judge` says of an item that ended what is wrong with it. */
async function run(title, file, { env, args = [], step = 1, judge, nameOf = ({ name }) => name }) {
  const bad = [];
  const { all, rss } = await throughCrashes(`${folder}${file}`, {
    ...{ env, args, step },
    onEnd: (message) => {
      const wrong = judge(message);
      if (wrong !== undefined) bad.push(`${nameOf(message)}: ${wrong}`);
    },
    onCrash: (message, how) => bad.push(`${nameOf(message)}: ${how}`),
  });
  if (rss > maxRss) bad.push(`the process grew to ${rss.toFixed(0)} MB`);
  for (const each of bad) tally.fail(title, each);
  if (bad.length === 0) tally.pass(title, `${all} calls, ${rss.toFixed(0)} MB at most`);
  return all;
}

/** What the linker was asked for stands in the file. */
function hardened() {
  const file = fileURLToPath(new URL('../build/Release/corpuscle.node', import.meta.url));
  const { status, stdout } = spawnSync('readelf', ['-dlW', file], { encoding: 'utf8' });
  if (status !== 0) return tally.skip('hardening', 'needs readelf (binutils), on Linux');
  const lacks = [
    ['all symbols bound when it is loaded', /\bNOW\b/],
    ['pinned in memory', /\bNODELETE\b/],
    ['tables that are read-only', /GNU_RELRO/],
    ['a stack that is not executed', /GNU_STACK.* RW /],
  ].filter(([, sign]) => !sign.test(stdout));
  if (lacks.length === 0) tally.pass('hardening', 'NOW, NODELETE, RELRO, a stack without E');
  else tally.fail('hardening', `the addon lacks ${lacks.map(([what]) => what).join(', ')}`);
}

const parts = {
  async cases() {
    let all = 0;
    for (const backend of long ? backends : backends.slice(0, 1)) {
      const env = { CORPUSCLE_BACKEND: backend, CORPUSCLE_THREADS: '2' };
      const nameOf = ({ table, name }) => `${table}: ${name}`;
      all = await run(`cases, ${backend}`, 'cases-child.mjs', { env, judge: ({ outcome }) => outcome, nameOf });
    }
    counts.push(`${all} hand-written cases`);
  },

  /** Every value in every argument; those that are taken are the ones of accepted.json. */
  async grid() {
    const file = `${folder}accepted.json`;
    const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    const taken = {};
    const judge = ({ target, value, outcome }) => {
      taken[target] ??= new Set();
      if (outcome === 'accepted') taken[target].add(value);
      const isKnown = accept || known[target]?.includes(value);
      if (outcome === 'accepted') return isKnown ? undefined : 'is taken, but should be refused';
      if (outcome === 'refused' || outcome === 'own') return isKnown && !accept ? 'should be taken' : undefined;
      return outcome;
    };
    let calls = 0;
    await Promise.all(
      backends.map(async (backend) => {
        const env = { CORPUSCLE_BACKEND: backend, CORPUSCLE_THREADS: '2' };
        const nameOf = ({ target, value }) => `${target} is ${value}`;
        calls += await run(`strange values, ${backend}`, 'grid-child.mjs', {
          env,
          args: [String(every)],
          step: every,
          judge,
          nameOf,
        });
      }),
    );
    counts.push(`${calls} calls with strange values`);
    if (!accept) return;
    const lines = Object.entries(taken).map(
      ([target, names]) => `  ${JSON.stringify(target)}: ${JSON.stringify([...names].sort())}`,
    );
    writeFileSync(file, `{\n${lines.sort().join(',\n')}\n}\n`);
  },

  async addon() {
    if (!hasAddon) return tally.skip('the addon', 'it is not built');
    const judge = ({ outcome }) => (outcome.startsWith('failed') ? outcome : undefined);
    const calls = await run('the addon, called with garbage', 'addon-child.mjs', {
      args: [String(every)],
      step: every,
      judge,
    });
    counts.push(`${calls} calls of the addon`);
    hardened();
  },

  async properties() {
    const runs = long ? 16_700 : 25; // of each of twelve
    const file = `${folder}properties.mjs`;
    const { stdout, stderr, status, signal } = spawnSync(process.execPath, [file, String(runs)], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    const told = stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    for (const { name, error, seed, counterexample } of told.filter(({ error }) => error !== undefined)) {
      tally.fail(`property: ${name}`, `${error} (seed ${seed}): ${counterexample}`);
    }
    const { all } = told.at(-1) ?? {};
    if (all === undefined)
      tally.fail('properties', `the process ended with ${signal ?? status}: ${stderr.slice(-400)}`);
    else if (status === 0) tally.pass('properties', `${all} runs of ${told.length - 1}, no counterexample`);
    counts.push(`${all} property runs`);
  },
};

for (const part of String(only).split(',')) await parts[part]();
tally.end(counts.join(', '));
