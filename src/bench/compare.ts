/** What variants answer, before any clock starts: one that answers otherwise is an error and not a time. */

import { type Answer, difference } from './answer.js';
import { answerOf, type Limits } from './process.js';
import type { VariantStart } from './variant.js';

/** A sound answer, or why there will be no times. */
export type Verdict = { readonly answer: Answer } | Missing;

export interface Missing {
  readonly missing: string;
  /** It did answer, but not as the others. */
  readonly wrong?: true;
}

/** Asks each variant, by its name, in a fresh process, `atOnce` of them together. The first that answers is the reference. */
export async function compareAnswers(
  variants: ReadonlyMap<string, VariantStart>,
  limits: Limits,
  atOnce = 1,
): Promise<Map<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  const waiting = [...variants];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      verdicts.set(next[0], await answered(next[1], limits));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const inOrder = [...variants.keys()].map((name) => [name, verdicts.get(name) as Verdict] as const);
  const reference = inOrder.find(([, verdict]) => 'answer' in verdict)?.[1] as { answer: Answer } | undefined;
  return new Map(inOrder.map(([name, verdict]) => [name, compared(verdict, reference?.answer)]));
}

function compared(verdict: Verdict, reference: Answer | undefined): Verdict {
  if (reference === undefined || 'missing' in verdict) return verdict;
  const what = difference(reference, verdict.answer);
  return what === undefined ? verdict : { missing: `wrong result: ${what}`, wrong: true };
}

async function answered(start: VariantStart, limits: Limits): Promise<Verdict> {
  try {
    return { answer: await answerOf(start, limits) };
  } catch (error) {
    limits.signal?.throwIfAborted();
    return { missing: (error as Error).message };
  }
}
