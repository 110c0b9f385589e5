/** A corpus for everyone: documents like reviews, with topics to find, the same on every machine. */

import { RandomState } from '#src/core/random.js';
import { capitalized, RankLaw, wordOf } from './synthetic-words.js';

export interface SyntheticDocument {
  text: string;
  /** 1 to 5, drawn apart from the text. */
  stars: number;
  /** The main topic, from 0. */
  topic: number;
}

export interface SyntheticOptions {
  /** @default 650,000, as many as the book's file has */
  documents?: number;
  /** From 0 to 2^32 - 1. @default 1 */
  seed?: number;
}

export const topics = 20;
/** The words before this rank belong to all topics; of any twenty behind it, one is each topic's own. */
const firstTopical = 100;
const lengths = lengthTable();

/** Draws documents one after the other: those of a shorter corpus are the first ones of a longer. */
export function* syntheticDocuments(options: SyntheticOptions = {}): Generator<SyntheticDocument> {
  const { documents = 650_000, seed = 1 } = options;
  const random = new RandomState(seed);
  const law = new RankLaw();
  for (let i = 0; i < documents; i++) {
    const stars = 1 + below(random, 5);
    const topic = below(random, topics);
    yield { text: written(ranks(random, law, topic), random), stars, topic };
  }
}

/** A tenth of the words repeat one that the document has; of the others, a share that differs by document is on topic. */
function ranks(random: RandomState, law: RankLaw, topic: number): number[] {
  const onTopic = 2 + below(random, 6);
  const drawn: number[] = new Array(drawLength(random));
  for (let i = 0; i < drawn.length; i++) {
    if (i > 0 && below(random, 10) === 0) {
      drawn[i] = drawn[below(random, i)];
    } else {
      const rank = law.draw(random);
      const moves = rank >= firstTopical && below(random, 16) < onTopic;
      drawn[i] = moves ? rank - (rank % topics) + topic : rank;
    }
  }
  return drawn;
}

/** The words of a document as sentences on one line. */
function written(ranks: readonly number[], random: RandomState): string {
  let text = '';
  let starts = true;
  const last = ranks.length - 1;
  ranks.forEach((rank, i) => {
    const word = starts ? capitalized(wordOf(rank)) : wordOf(rank);
    const mark = i === last ? 0 : below(random, 128);
    starts = mark < 6;
    if (starts) text += word + (mark === 5 ? '! ' : '. ');
    else if (mark < 12) text += `${word}, `;
    else text += mark === 12 ? `"${word}" ` : `${word} `;
  });
  return text.trimEnd();
}

/** Log-normal: a sum of twelve equal draws is nearly normal, and the table turns it into a number of words. */
function drawLength(random: RandomState): number {
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += below(random, 51);
  return lengths[sum];
}

/** Numbers of words that grow by a 64th: 99 in the middle, 134 on average as in the book's reviews, 1 to 1000. */
function lengthTable(): number[] {
  let length = 0.93;
  return Array.from({ length: 601 }, () => {
    length += length / 64;
    return Math.min(1000, Math.max(1, Math.round(length)));
  });
}

function below(random: RandomState, limit: number): number {
  return Math.floor((random.nextUint32() / 2 ** 32) * limit);
}
