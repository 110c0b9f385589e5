/**
 * A mark that makes `instanceof` hold across the two builds of this package: a matrix made through `require` is one for
 * code that came through `import`, too.
 */
export function brandOf(name: string): symbol {
  return Symbol.for(`corpuscle.${name}`);
}

export function isBranded(value: unknown, brand: symbol): boolean {
  return value !== null && typeof value === 'object' && brand in value;
}
