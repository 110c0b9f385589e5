/** What a refusal must be: an error of the class of its code, in one sentence that names the argument. */

const classes = {
  ERR_INVALID_ARG_TYPE: TypeError,
  ERR_INVALID_ARG_VALUE: TypeError,
  ERR_UNKNOWN_OPTION: TypeError,
  ERR_OUT_OF_RANGE: RangeError,
  ERR_MEMORY_BUDGET: RangeError,
  ERR_OUT_OF_MEMORY: RangeError,
  ERR_EMPTY_VOCABULARY: RangeError,
  ERR_NO_DOCUMENTS: RangeError,
  ERR_NOT_FITTED: TypeError,
  ERR_NOT_TEXT: TypeError,
  ERR_NO_SUCH_FILE: Error,
  ERR_BAD_RECORD: Error,
  ERR_MISSING_FIELD: Error,
  ERR_BACKEND_UNAVAILABLE: Error,
};

/** Why an error is no proper refusal, or undefined. `ERR_BACKEND_FAILED` is none: it says that we are at fault. */
export function improper(error, { code, names } = {}) {
  if (!(error instanceof Error)) return `threw ${String(error)}, which is no Error`;
  const told = `${error.name} ${error.code ?? 'without code'} ${JSON.stringify(error.message)}`;
  if (!Object.hasOwn(classes, error.code ?? '')) return `refused with ${told}`;
  if (Object.getPrototypeOf(error) !== classes[error.code].prototype) return `is of the wrong class: ${told}`;
  if (code !== undefined && ![code].flat().includes(error.code)) return `should be ${code}, but is ${told}`;
  if (!/^[^\n]{10,600}\.$/.test(error.message)) return `is not one sentence: ${told}`;
  if (names !== undefined && !names.test(error.message)) return `does not name ${names}: ${told}`;
  return undefined;
}
