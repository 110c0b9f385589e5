const bars = '▁▂▃▄▅▆▇█';

/** A curve as one character a value, from the lowest to the highest of them; a space where there is none. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const range = Math.max(...known) - low;
  const bar = (value: number) => bars[range > 0 ? Math.round(((value - low) / range) * (bars.length - 1)) : 3];
  return values.map((value) => (value === null ? ' ' : bar(value))).join('');
}
