/**
 * Puts every hostile value into every argument, from call number `first` on. Tells on standard output, a line of JSON each,
 * which call begins and what came of it; who listens sees a crash as the call that never ended.
 */

import { tell } from '../tell.mjs';
import { improper } from './refusal.mjs';
import { targets } from './targets.mjs';
import { OwnError, values } from './values.mjs';

const patience = 5000;

/** What the value itself throws when it is used: the caller's own error, which comes back as it is. */
const isOwn = (error) =>
  error instanceof OwnError ||
  (error?.code === undefined &&
    /been revoked|not a typed array|incompatible receiver|without 'new'|on a detached/.test(error?.message));

/** 'accepted', 'refused', 'own' (the caller's error came back), or why the call misbehaved. */
async function outcomeOf(call, value, argument) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, patience, `took more than ${patience} ms`);
  });
  const outcome = (async () => {
    try {
      await call(value);
      return 'accepted';
    } catch (error) {
      return isOwn(error) ? 'own' : (improper(error, { names: new RegExp(`\\b(?:${argument})\\b`, 'i') }) ?? 'refused');
    }
  })();
  try {
    return await Promise.race([outcome, late]);
  } finally {
    clearTimeout(timer);
  }
}

process.removeAllListeners('warning');
const first = Number(process.argv[2]);
const every = Number(process.argv[3] ?? 1);
const calls = targets.flatMap(([what, argument, call]) =>
  Object.entries(values).map(([value, make]) => ({ target: `${what}: ${argument}`, value, argument, call, make })),
);
for (let i = first; i < calls.length; i += every) {
  const { target, value, argument, call, make } = calls[i];
  tell({ begins: i, target, value });
  tell({ ended: i, target, value, outcome: await outcomeOf(call, make(), argument) });
}
tell({ all: Math.ceil(calls.length / every), rss: process.resourceUsage().maxRSS / 1024 });
process.exit();
