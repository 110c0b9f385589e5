/** How numbers, durations and the library's own messages read on a terminal. */

export { formatBytes } from '../core/memory.js';

const wholeNumbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 1,234,567 */
export function grouped(value: number): string {
  return wholeNumbers.format(value);
}

const twoDigits = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2, minimumFractionDigits: 2 });

/** 1,234.50 */
export function hundredths(value: number): string {
  return twoDigits.format(value);
}

/** `1 document`, `2 documents`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** m:ss, or h:mm:ss from an hour. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** What the library calls its options, and what they are called here. */
const flags: readonly (readonly [RegExp, string])[] = [
  ...Object.entries({
    textField: '--text-field',
    skipBadLines: '--skip-bad-lines',
    minDf: '--min-df',
    maxDf: '--max-df',
    maxFeatures: '--max-features',
    stripAccents: '--strip-accents',
    ngramRange: '--ngram-range',
    nClusters: '--clusters',
    nInit: '--n-init',
    maxIter: '--max-iter',
    resumeFrom: '--resume',
    maxBytes: '--max-bytes',
  }).map(([name, flag]) => [new RegExp(`(?<![\\w./"'-])${name}(?![\\w/"'-]|\\.\\w)`, 'g'), flag] as const),
  [/\bformat (?=as one of|must then be)/g, '--input-format '],
  [/\bmember (?=must name one)/g, '--member '],
  [/\bleave header out\b/g, 'leave --no-header out'],
  [/\buse triangle: 'upper', (cooccurrenceBlocks or spillCooccurrence, )?/g, 'use '],
  [/\bask for fewer terms \(rows\) or a smaller k, or raise/g, 'keep fewer terms (--max-features), or raise'],
  [/\bfitTokenIds takes\b/g, '--window takes'],
  [/\banalyzer is '/g, "--analyzer is '"],
  [/\bX has (\d+) rows\b/g, 'there are $1 documents'],
  [/\bX may hold equal rows\b/g, 'there may be equal documents'],
  [/\bthe number of rows\b/g, 'their number'],
];

/** A message of the library in the words of the command line: `--min-df` for `minDf`. */
export function inFlags(message: string): string {
  return flags.reduce((text, [name, flag]) => text.replace(name, flag), message);
}
