/** Runs the hand-written cases, from number `first` on; `--list` names them. */

import { tell } from '../tell.mjs';
import { improper } from './refusal.mjs';

const tables = ['csr', 'typed-arrays', 'options', 'text', 'csv', 'jsonl', 'packed'];
const loaded = await Promise.all(tables.map(async (table) => [table, (await import(`./tables/${table}.mjs`)).cases]));
const cases = loaded.flatMap(([table, cases]) => cases.map((each) => ({ table, ...each })));

async function outcomeOf({ call, code, names, gives }) {
  let result;
  try {
    result = await call();
  } catch (error) {
    if (gives !== undefined) return `should be taken, but: ${error?.code} ${error?.message}`;
    return improper(error, { code, names });
  }
  if (gives === undefined) return 'was taken, but should be refused';
  return gives(result) ? undefined : `gave another result: ${JSON.stringify(result)?.slice(0, 200)}`;
}

process.removeAllListeners('warning');
if (process.argv[2] === '--list') {
  for (const { table, name } of cases) tell({ table, name });
} else {
  for (let i = Number(process.argv[2]); i < cases.length; i++) {
    const { table, name } = cases[i];
    tell({ begins: i, table, name });
    tell({ ended: i, table, name, outcome: await outcomeOf(cases[i]) });
  }
  tell({ all: cases.length, rss: process.resourceUsage().maxRSS / 1024 });
}
process.exit();
