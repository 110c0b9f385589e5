/** Warnings have a code, as errors have. */

/** What each code means. */
export type WarningCode =
  /** `auto` takes a slower backend, because the addon does not load. */
  | 'CORPUSCLE_NATIVE_UNAVAILABLE'
  /** A clustering has fewer clusters than were asked for. */
  | 'CORPUSCLE_FEWER_CLUSTERS'
  /** One cluster holds nearly all rows, while others hold a single one. */
  | 'CORPUSCLE_DEGENERATE_CLUSTERS'
  /** An option that changes nothing beside another one that was given. */
  | 'CORPUSCLE_UNUSED_OPTION'
  /** Stop words that the tokenizer cuts into other words. */
  | 'CORPUSCLE_STOP_WORDS_INCONSISTENT'
  /** Terms of a given vocabulary that no document can hold. */
  | 'CORPUSCLE_UNMATCHED_TERMS';

export function warn(code: WarningCode, message: string): void {
  process.emitWarning(message, { code });
}
