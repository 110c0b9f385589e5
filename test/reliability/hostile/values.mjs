/** Values that no argument expects. Each is made anew, because some are used up. */

/** What a trap of a hostile object throws: it is the caller's own error, and comes back as it is. */
export class OwnError extends Error {}

const own = () => {
  throw new OwnError('mine');
};

function detached(array) {
  structuredClone(array, { transfer: [array.buffer] });
  return array;
}

function shrunk() {
  const buffer = new ArrayBuffer(32, { maxByteLength: 64 });
  const array = new Int32Array(buffer);
  buffer.resize(0);
  return array;
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
}

export const values = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  0: () => 0,
  '-0': () => -0,
  '-1': () => -1,
  1.5: () => 1.5,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  '2^31': () => 2 ** 31,
  '2^32': () => 2 ** 32,
  '2^53': () => 2 ** 53,
  1e308: () => 1e308,
  '10n': () => 10n,
  'a symbol': () => Symbol('mine'),
  'an empty string': () => '',
  'a word': () => 'word',
  'a number as text': () => '3',
  'a NUL': () => '\0',
  'a lone surrogate': () => '\ud800',
  'a long string': () => 'x'.repeat(100_000),
  __proto__name: () => '__proto__',
  'a function': () => () => 1,
  'a function that throws': () => own,
  'a class': () => class Mine {},
  'an empty array': () => [],
  'an array of numbers': () => [1, 2, 3],
  'an array of strings': () => ['one two', 'two three'],
  'an array of holes': () => new Array(2 ** 32 - 1),
  'an array of null': () => [null, null],
  'an array within itself': () => {
    const array = [];
    array.push(array);
    return array;
  },
  'an empty object': () => ({}),
  'an object without prototype': () => Object.create(null),
  'an object with an unknown key': () => ({ nonsense: 1 }),
  'an object from JSON with __proto__': () => JSON.parse('{"__proto__": {"backend": "plain"}}'),
  'an object with a strange constructor': () => ({ constructor: { name: { toString: own } } }),
  'an object whose getters throw': () =>
    new Proxy({}, { get: own, has: own, ownKeys: own, getOwnPropertyDescriptor: own, getPrototypeOf: own }),
  'an object whose conversions throw': () => ({ toString: own, valueOf: own, [Symbol.toPrimitive]: own, toJSON: own }),
  'a revoked proxy': revoked,
  'an iterable whose next throws': () => ({ [Symbol.iterator]: () => ({ next: own }) }),
  'an iterable that is none': () => ({ [Symbol.iterator]: 5 }),
  'an async iterable whose next throws': () => ({ [Symbol.asyncIterator]: () => ({ next: own }) }),
  'an async iterable of nothing': () => ({ [Symbol.asyncIterator]: () => ({ next: () => undefined }) }),
  'a Map': () => new Map([[{}, Number.NaN]]),
  'a Set': () => new Set([Symbol('a')]),
  'a Date': () => new Date(Number.NaN),
  'a RegExp': () => /(a+)+(b)/g,
  'a Promise': () => Promise.resolve(5),
  'an Error': () => new RangeError('mine'),
  'an ArrayBuffer': () => new ArrayBuffer(8),
  'a DataView': () => new DataView(new ArrayBuffer(8)),
  'a Uint8Array': () => Uint8Array.of(1, 2, 3),
  'a Uint8ClampedArray': () => Uint8ClampedArray.of(1, 2),
  'a Buffer': () => Buffer.from('text'),
  'a BigInt64Array': () => BigInt64Array.of(1n, 2n),
  'an Int32Array': () => Int32Array.of(0, 1, 5),
  'a Float32Array': () => Float32Array.of(0.5, Number.NaN),
  'a Float64Array': () => Float64Array.of(-1, 1e300),
  'a detached array': () => detached(Int32Array.of(1, 2)),
  'a shrunk array': shrunk,
  'a shared array': () => new Int32Array(new SharedArrayBuffer(16)),
  'an object that imitates a typed array': () => Object.create(Int32Array.prototype, { length: { value: 5 } }),
};
