/** One way to do a task, as a module that is loaded in a process of its own. */

import type { Answer } from './answer.js';

export interface Variant<Result = unknown> {
  /** Does the task once; this is what is timed. */
  run(): Promise<Result>;
  /** What the result says, outside of the clock. */
  answer(result: Result): Answer | Promise<Answer>;
}

/** What a variant's module exports: reads its input and gets ready, outside of the clock. */
export interface VariantModule<Args = unknown> {
  prepare(args: Args): Promise<Variant>;
}

/** Which variant to start, on what. */
export interface VariantStart {
  /** The module, a `file:` URL. */
  readonly module: string;
  /** What its `prepare` gets; goes through JSON. */
  readonly args: unknown;
  /** Flags of Node for the process. */
  readonly nodeFlags?: readonly string[];
  /** Keeps the machine's moods out of the times: memory is kept, and what has one thread stays on one core. */
  readonly quiet?: { readonly threads: number };
}
