import { brandOf, isBranded } from '../core/brand.js';
import { failure, shown } from '../core/check.js';

const brand: unique symbol = brandOf('TokenStreams') as never;

/** The parts of token streams, as the kernels take them. */
export interface TokenArrays {
  /** How many terms there are. */
  readonly nTerms: number;
  /** n + 1 ascending whole numbers from 0: document d is [offsets[d], offsets[d + 1]) of ids. */
  readonly offsets: Float64Array;
  /** The term of each word, from 0 to below `nTerms`, or -1: a word that is not in the vocabulary. */
  readonly ids: Int32Array;
}

/**
 * Documents as numbers of terms, word by word in their order: those of document d are `ids` from `offsets[d]` to
 * `offsets[d + 1]`. The library never changes one; a call that takes one works on the arrays as they were when it was called.
 */
export class TokenStreams implements TokenArrays {
  /** @internal */
  get [brand](): true {
    return true;
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, brand);
  }

  readonly nTerms: number;
  readonly offsets: Float64Array;
  readonly ids: Int32Array;

  /**
   * Takes the arrays as they are, without copying them.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` where they do not form streams
   */
  constructor(parts: TokenArrays) {
    if (parts === null || typeof parts !== 'object') {
      throw failure('ERR_INVALID_ARG_TYPE', `The streams must be { nTerms, offsets, ids }, but are ${shown(parts)}.`);
    }
    const { nTerms, offsets, ids } = parts;
    if (!Number.isInteger(nTerms) || nTerms < 0 || nTerms >= 2 ** 31) {
      const range = 'a whole number of terms below 2^31';
      throw failure('ERR_INVALID_ARG_TYPE', `nTerms must be ${range}, but is ${shown(nTerms)}.`);
    }
    if (!(offsets instanceof Float64Array)) {
      throw failure('ERR_INVALID_ARG_TYPE', `offsets must be a Float64Array, but is ${shown(offsets)}.`);
    }
    if (!(ids instanceof Int32Array)) {
      throw failure('ERR_INVALID_ARG_TYPE', `ids must be an Int32Array, but is ${shown(ids)}.`);
    }
    const defect = streamsDefect({ nTerms, offsets, ids });
    if (defect !== undefined) throw failure('ERR_INVALID_ARG_VALUE', defect);
    this.nTerms = nTerms;
    this.offsets = offsets;
    this.ids = ids;
  }

  /** Streams from lists of term numbers, one a document. */
  static fromLists(lists: Iterable<Iterable<number>>, nTerms: number): TokenStreams {
    const ids: number[] = [];
    const ends = Array.from(lists, (list) => {
      for (const id of list) ids.push(id);
      return ids.length;
    });
    const broken = ids.findIndex((id) => !Number.isInteger(id) || id !== (id | 0));
    if (broken >= 0) {
      const what = `whole numbers, but hold ${shown(ids[broken])}; a term is -1 or below 2^31`;
      throw failure('ERR_INVALID_ARG_TYPE', `lists must hold ${what}.`);
    }
    return new TokenStreams({ nTerms, offsets: Float64Array.from([0, ...ends]), ids: Int32Array.from(ids) });
  }

  /** @internal For results of kernels, which are valid by construction. */
  static trusted(parts: TokenArrays): TokenStreams {
    return Object.assign(Object.create(TokenStreams.prototype) as TokenStreams, parts);
  }

  get nDocuments(): number {
    return this.offsets.length - 1;
  }

  /** A view of the ids of document `d`. */
  document(d: number): Int32Array {
    return this.ids.subarray(this.offsets[d], this.offsets[d + 1]);
  }
}

/** What is wrong with streams, in one sentence; the native backend checks its own copy by the same rules. */
export function streamsDefect({ nTerms, offsets, ids }: TokenArrays): string | undefined {
  const invalid = (what: string) => `The token streams are not valid: ${what}`;
  if (offsets[0] !== 0) return invalid('offsets must start at 0.');
  for (let d = 1; d < offsets.length; d++) {
    if (!Number.isInteger(offsets[d]) || offsets[d] < offsets[d - 1]) {
      return invalid(`offsets fall, or are no whole number, after document ${d - 1}.`);
    }
  }
  if (offsets[offsets.length - 1] !== ids.length) return invalid('offsets must end at the number of ids.');
  for (let at = 0; at < ids.length; at++) {
    if (ids[at] < -1 || ids[at] >= nTerms) {
      return invalid(`ids must be from -1 to ${nTerms - 1}, but id ${at} is ${ids[at]}.`);
    }
  }
  return undefined;
}

/** The arrays of an argument that must be streams whose arrays are still there. */
export function streamArrays(streams: unknown, name: string): TokenArrays {
  if (!(streams instanceof TokenStreams)) {
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be TokenStreams, but is ${shown(streams)}.`);
  }
  const { nTerms, offsets, ids } = streams;
  if (offsets.length === 0 || offsets[offsets.length - 1] !== ids.length) {
    const why = 'their arrays were transferred or resized';
    throw failure('ERR_INVALID_ARG_VALUE', `${name} are no longer valid: ${why}.`);
  }
  return { nTerms, offsets, ids };
}
