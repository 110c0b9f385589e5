/** The one way to fail: every refusal of the library is an error made here, with a stable `code` and one sentence. */

/** What each code means; the class is the one that JavaScript itself would throw. */
const errorClasses = {
  /** A value of the wrong type. */
  ERR_INVALID_ARG_TYPE: TypeError,
  /** A value of the right type that no call can use, such as a broken matrix. */
  ERR_INVALID_ARG_VALUE: TypeError,
  /** An option that does not exist. */
  ERR_UNKNOWN_OPTION: TypeError,
  /** A number outside its range. */
  ERR_OUT_OF_RANGE: RangeError,
  /** A result or a work area larger than `maxBytes`. */
  ERR_MEMORY_BUDGET: RangeError,
  /** The system refused memory although the budget allowed it. */
  ERR_OUT_OF_MEMORY: RangeError,
  /** No term is left, or there was none. */
  ERR_EMPTY_VOCABULARY: RangeError,
  /** No document was given. */
  ERR_NO_DOCUMENTS: RangeError,
  /** An estimator was used before `fit`. */
  ERR_NOT_FITTED: TypeError,
  /** Bytes that are not UTF-8 text. */
  ERR_NOT_TEXT: TypeError,
  /** A file or folder that does not exist or cannot be read. */
  ERR_NO_SUCH_FILE: Error,
  /** A file or folder that cannot be written, or a full disk. */
  ERR_CANNOT_WRITE: Error,
  /** A line or record that its format does not allow. */
  ERR_BAD_RECORD: Error,
  /** A record without the field asked for. */
  ERR_MISSING_FIELD: Error,
  /** A forced backend that cannot be loaded. */
  ERR_BACKEND_UNAVAILABLE: Error,
  /** The backend failed in a way that is not the caller's fault. */
  ERR_BACKEND_FAILED: Error,
} as const;

export type ErrorCode = keyof typeof errorClasses;

/** An error of this library: `code` says which, `message` is one sentence with the argument, the value and the limit. */
export interface CorpuscleError extends Error {
  readonly code: ErrorCode;
}

/** Makes (does not throw) the error of a code. */
export function failure(code: ErrorCode, message: string, options?: ErrorOptions): CorpuscleError {
  return Object.assign(new errorClasses[code](message, options), { code });
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorClasses, code);
}

export function isCorpuscleError(error: unknown): error is CorpuscleError {
  return error instanceof Error && isErrorCode((error as { code?: unknown }).code);
}

/** A value as it appears in a message: short, on one line. Never throws, whatever the value does when it is looked at. */
export function shown(value: unknown): string {
  try {
    return described(value);
  } catch {
    return 'a value that cannot be looked at';
  }
}

function described(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return 'a BigInt';
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value === null || typeof value !== 'object') return String(value);
  const name = typeof value.constructor?.name === 'string' ? value.constructor.name : undefined;
  return ArrayBuffer.isView(value) && 'length' in value
    ? `${name}(${value.length})`
    : `a value of type ${name ?? 'object'}`;
}

/** Whether a value can be gone through, as `for ... of` does. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    value !== null && typeof value === 'object' && typeof (value as Iterable<unknown>)[Symbol.iterator] === 'function'
  );
}

/** The items of an iterable, each checked before the next is asked for, so that none need be held that are refused. */
export function itemsOf<T>(items: Iterable<unknown>, check: (item: unknown, i: number) => asserts item is T): T[] {
  const checked: T[] = [];
  for (const item of items) {
    check(item, checked.length);
    checked.push(item);
  }
  return checked;
}

export function checkString(value: unknown, name: string): asserts value is string {
  if (typeof value !== 'string')
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be a string, but is ${shown(value)}.`);
}

/** An object as `{ ... }` and JSON.parse make it, of any realm: no list, no Map, no Promise, whose options nobody would see. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** By a sum that only finite numbers leave at 0: asking each takes twice as long, which shows in the millions of numbers of many centers. */
export function allFinite(numbers: Float64Array): boolean {
  let even = 0;
  let odd = 0;
  for (let i = 1; i < numbers.length; i += 2) {
    even += numbers[i - 1] - numbers[i - 1];
    odd += numbers[i] - numbers[i];
  }
  const last = numbers.length === 0 ? 0 : numbers[numbers.length - 1];
  return even + odd + (last - last) === 0;
}

export function checkInteger(value: unknown, name: string, min: number, max: number): asserts value is number {
  if (typeof value !== 'number')
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be an integer, but is ${shown(value)}.`);
  if (!Number.isInteger(value) || value < min || value > max) {
    const limit = max >= Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw failure('ERR_OUT_OF_RANGE', `${name} must be an integer ${limit}, but is ${shown(value)}.`);
  }
}

export function checkNumber(value: unknown, name: string, min: number, max: number): asserts value is number {
  if (typeof value !== 'number')
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be a number, but is ${shown(value)}.`);
  if (!(value >= min && value <= max)) {
    throw failure('ERR_OUT_OF_RANGE', `${name} must be from ${min} to ${max}, but is ${shown(value)}.`);
  }
}

export function checkBoolean(value: unknown, name: string): asserts value is boolean {
  if (typeof value !== 'boolean') {
    throw failure('ERR_INVALID_ARG_TYPE', `${name} must be true or false, but is ${shown(value)}.`);
  }
}

export function checkChoice<T extends string>(value: unknown, name: string, choices: readonly T[]): asserts value is T {
  if (!choices.includes(value as T)) {
    const list = choices.map((choice) => `'${choice}'`).join(', ');
    throw failure('ERR_INVALID_ARG_VALUE', `${name} must be one of ${list}, but is ${shown(value)}.`);
  }
}

/** Refuses anything but a plain options object whose keys are all known. */
export function checkOptions(value: unknown, name: string, known: readonly string[]): void {
  if (!isPlainObject(value)) {
    throw failure('ERR_INVALID_ARG_TYPE', `The options of ${name} must be a plain object, but are ${shown(value)}.`);
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      throw failure('ERR_UNKNOWN_OPTION', `${name} has no option ${shown(key)}; its options are ${known.join(', ')}.`);
    }
  }
}
