/** The words of the synthetic corpus: which word a rank stands for, and how often a rank is drawn. */

import type { RandomState } from '#src/core/random.js';

/** The commonest words of English, two letters or more. */
const functionWords = `
  the and of to it is in that this was for with as but on are you not have be one he all at by they an from so who like
  or just her about has out if there what some good when more very up time no would even my she their only had really
  were can well see than been
`
  .trim()
  .split(/\s+/);

const onsets = 'b br ch d dr f fl g gr j k kl l m n p pl r s sh st t tr v'.split(' ');
const vowels = ['a', 'i', 'o', 'u', 'ai', 'ou'];
const syllables = onsets.flatMap((onset) => vowels.map((vowel) => onset + vowel));

const made: string[] = [];

/**
 * The word of a rank from 0, no two alike: first function words, then two syllables, three, four. Every eighth is
 * written as a name, every 512th ends in an accent.
 */
export function wordOf(rank: number): string {
  if (rank < functionWords.length) return functionWords[rank];
  if (rank >= 1 << 16) return spell(rank);
  made[rank] ??= spell(rank);
  return made[rank];
}

function spell(rank: number): string {
  let number = rank - functionWords.length;
  let count = 2;
  let words = syllables.length ** count;
  for (; number >= words; count++) {
    number -= words;
    words *= syllables.length;
  }
  number = (number * 7919) % words; // a prime, so one to one; common and rare words mix in the alphabet
  let word = rank % 512 === 0 ? 'é' : '';
  for (; count > 0; count--) {
    word = syllables[number % syllables.length] + word;
    number = Math.floor(number / syllables.length);
  }
  return rank % 8 === 4 ? capitalized(word) : word;
}

export function capitalized(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}

/**
 * Draws ranks by a Zipf-Mandelbrot law whose exponent grows from 1 at the head to 2.5 in the tail, as that of real text
 * does: rank r from 1 has the weight 1 / ((r + 1) (1 + r / bend)^1.5). The bend is fitted to 50,000 film reviews. Sums,
 * quotients and square roots are the same on all machines; logarithms and powers need not be.
 */
export class RankLaw {
  /** Band i holds the ranks from starts[i] to starts[i + 1], which are equally likely; the first thousands hold one. */
  private readonly starts: number[] = [0];
  private readonly cumulated: number[] = [];

  constructor(bend = 11_000, end = 1 << 24) {
    let sum = 0;
    for (let start = 0; start < end; start = this.starts[this.starts.length - 1]) {
      const width = 1 + Math.floor(start / 1000);
      const rank = start + (width + 1) / 2; // the middle, from 1
      const fall = 1 + rank / bend;
      sum += width / ((rank + 1) * fall * Math.sqrt(fall));
      this.cumulated.push(sum);
      this.starts.push(start + width);
    }
  }

  /** A rank from 0. */
  draw(random: RandomState): number {
    const { starts, cumulated } = this;
    const drawn = random.randomSample() * cumulated[cumulated.length - 1];
    let low = 0;
    let high = cumulated.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulated[middle] <= drawn) low = middle + 1;
      else high = middle;
    }
    const before = low === 0 ? 0 : cumulated[low - 1];
    const within = (drawn - before) / (cumulated[low] - before);
    return starts[low] + Math.floor(within * (starts[low + 1] - starts[low]));
  }
}
