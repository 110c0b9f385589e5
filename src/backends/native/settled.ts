import { failure, isCorpuscleError } from '../../core/check.js';
import { overBudget } from '../../core/memory.js';

/** Waits for a call and gives its errors their class. */
export async function settled<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isCorpuscleError(error)) throw error;
    if (error.code !== 'ERR_MEMORY_BUDGET') throw failure(error.code, error.message);
    const { needed, allowed } = error as unknown as { needed: number; allowed: number };
    throw overBudget(needed, allowed);
  }
}
