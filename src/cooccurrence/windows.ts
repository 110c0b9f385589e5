import type { Windowing } from '../backends/kernels.js';
import { checkChoice, checkInteger, checkNumber, failure, shown } from '../core/check.js';

/** How the words around a word are weighed. */
export interface WindowOptions {
  /** How far apart two words of a pair may stand, 1 to 1000: neighbours stand 1 apart. @default 5, or as many as `weights` */
  window?: number;
  /**
   * What a pair adds that stands d words apart:
   *
   * - `'1/d'`: the weights of GloVe (Pennington, Socher, Manning 2014). They are added as fractions and rounded once, so a sum is the
   *   number next to the true one. `window` is then 42 at most.
   * - `'flat'`: 1; a sum is a whole number of pairs
   * - a list of numbers from 0, one for each distance from 1. Pairs are counted for each distance; each count is multiplied by its
   *   weight, and the products are added in order of distance. So no sum hangs on the order of documents, or of threads.
   * @default '1/d'
   */
  weights?: '1/d' | 'flat' | readonly number[];
  /**
   * Which words around a word count for it. `'symmetric'`: those on both sides. `'right'`: those that follow, so that cell (i, j)
   * has j behind i; `'left'`: those that come before.
   * @default 'symmetric'
   */
  direction?: 'symmetric' | 'left' | 'right';
  /**
   * What becomes of words that are not in the vocabulary (-1). `'gap'`: they keep their place in a window, as in text2vec.
   * `'skip'`: they are taken out first, so that a window reaches over them, as in GloVe.
   * @default 'gap'
   */
  oov?: 'gap' | 'skip';
}

export const windowOptionNames = ['window', 'weights', 'direction', 'oov'] as const;

export const widestWindow = 1000;
export const mostFractions = 42; // the least common multiple of 1 to 42 has 58 bits
const mostWholeSum = 2 ** 21; // of weights: with 2^31 words on two sides sums stay below 2^53
const largestWeight = 1e290; // so that no sum overflows

/** Checks the options and says how backends add the weights without loss. */
export function windowingOf(options: WindowOptions): Windowing {
  const { weights = '1/d', direction = 'symmetric', oov = 'gap' } = options;
  const isList = Array.isArray(weights);
  if (!isList && weights !== '1/d' && weights !== 'flat') {
    const choices = "'1/d', 'flat' or an array of numbers";
    throw failure('ERR_INVALID_ARG_VALUE', `weights must be ${choices}, but is ${shown(weights)}.`);
  }
  const { window = isList ? weights.length : 5 } = options;
  checkInteger(window, isList && options.window === undefined ? 'weights.length' : 'window', 1, widestWindow);
  checkChoice(direction, 'direction', ['symmetric', 'left', 'right']);
  checkChoice(oov, 'oov', ['gap', 'skip']);
  return { ...weighingOf(weights, window), direction, skipsGaps: oov === 'skip' };
}

type Weighing = Pick<Windowing, 'weighing' | 'numbers' | 'divisor'>;

function weighingOf(weights: NonNullable<WindowOptions['weights']>, window: number): Weighing {
  if (weights === 'flat') return { weighing: 'whole', numbers: new Float64Array(window).fill(1), divisor: 1 };
  if (weights === '1/d') return harmonic(window);
  const numbers = Float64Array.from(checkedWeights(weights as readonly number[], window));
  const areWhole = numbers.every(Number.isInteger) && numbers.reduce((sum, weight) => sum + weight, 0) < mostWholeSum;
  return { weighing: areWhole ? 'whole' : 'each', numbers, divisor: 1 };
}

/** 1 / d as whole numbers with a common divisor, where their sums stay exact; else as fractions. */
function harmonic(window: number): Weighing {
  if (window > mostFractions) {
    const limit = `window must be at most ${mostFractions} with weights: '1/d', which are added without loss, but is ${window}`;
    throw failure('ERR_OUT_OF_RANGE', `${limit}; give the weights as a list of numbers.`);
  }
  const distances = Float64Array.from({ length: window }, (_, i) => i + 1);
  const divisor = distances.reduce(leastCommonMultiple, 1);
  const numbers = distances.map((distance) => divisor / distance);
  if (numbers.reduce((sum, number) => sum + number, 0) < mostWholeSum) return { weighing: 'whole', numbers, divisor };
  return { weighing: 'fractions', numbers: distances, divisor: 1 };
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

function checkedWeights(weights: readonly number[], window: number): readonly number[] {
  if (weights.length !== window) {
    const sizes = `one weight for each distance in the window of ${window}, but has ${weights.length}`;
    throw failure('ERR_OUT_OF_RANGE', `weights must have ${sizes}.`);
  }
  for (let i = 0; i < window; i++) checkNumber(weights[i], `weights[${i}]`, 0, largestWeight);
  return weights;
}
