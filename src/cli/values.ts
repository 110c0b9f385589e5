/** Options whose value is more than a word: each refuses what it cannot read by its own name and says what it takes. */

import { Option } from 'commander';
import { shown } from '../core/check.js';
import { usageError } from './errors.js';

/** An option whose text `read` turns into a value, or into undefined where it is not `what`. */
function option<T>(flags: string, description: string, what: string, read: (text: string) => T | undefined): Option {
  const made = new Option(flags, description);
  return made.argParser((text) => {
    const value = read(text);
    if (value === undefined)
      throw usageError('ERR_INVALID_ARG_VALUE', `${made.long} must be ${what}, but is ${shown(text)}.`);
    return value;
  });
}

function numberFrom(text: string, min: number, max: number): number | undefined {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

function wholeFrom(text: string, min: number, max: number): number | undefined {
  return /^\d+$/.test(text) ? numberFrom(text, min, max) : undefined;
}

export function wholeNumber(flags: string, description: string, min = 1, max = 2 ** 31 - 1): Option {
  const what = `a whole number from ${min} to ${max}`;
  return option(flags, description, what, (text) => wholeFrom(text, min, max));
}

export function wholeNumberOrAuto(flags: string, description: string, min = 1, max = 2 ** 31 - 1): Option {
  const what = `'auto' or a whole number from ${min} to ${max}`;
  return option<number | 'auto'>(flags, description, what, (text) =>
    text === 'auto' ? text : wholeFrom(text, min, max),
  );
}

export function numberFromZero(flags: string, description: string): Option {
  return option(flags, description, 'a number of at least 0', (text) => numberFrom(text, 0, Number.MAX_VALUE));
}

/** Two whole numbers from 1, the first not above the second: 1,2. */
export function numberRange(flags: string, description: string): Option {
  return option<[number, number]>(flags, description, 'two whole numbers from 1 to 1000, such as 1,2', (text) => {
    const [first, last, ...more] = text.split(',').map((part) => wholeFrom(part, 1, 1000));
    return more.length > 0 || first === undefined || last === undefined || first > last ? undefined : [first, last];
  });
}

const mostNumbers = 1000;

/** Whole numbers from 1, each above the one before: 5:50:5 (first:last:step), 5:8, 5,10,20 or 8. */
export function numberList(flags: string, description: string): Option {
  const what = `numbers from 1, each above the one before, at most ${mostNumbers}: 5:50:5 (first:last:step), 5,10,20 or 8`;
  return option<readonly number[]>(flags, description, what, (text) => {
    const numbers = text.includes(':')
      ? stepsFrom(text)
      : text.split(',').map((part) => wholeFrom(part, 1, 2 ** 31 - 1));
    const isList = numbers.every((value, i) => value !== undefined && (i === 0 || value > (numbers[i - 1] ?? value)));
    return isList && numbers.length > 0 && numbers.length <= mostNumbers ? (numbers as number[]) : undefined;
  });
}

/** The numbers of first:last:step, or none; one more than there may be where there are too many. */
function stepsFrom(text: string): number[] {
  const parts = text.split(':').map((part) => wholeFrom(part, 1, 2 ** 31 - 1));
  if (parts.length > 3 || parts.includes(undefined)) return [];
  const [first, last, step = 1] = parts as number[];
  const count = Math.floor((last - first) / step) + 1;
  return Array.from({ length: Math.max(0, Math.min(count, mostNumbers + 1)) }, (_, i) => first + i * step);
}

/** A number of documents: 10, 0.1 or 10%. */
export function documentFrequency(flags: string, description: string): Option {
  const what = 'a whole number from 1 (documents), or a share such as 0.1 or 10%';
  return option<number | string>(flags, description, what, (text) => {
    if (text.endsWith('%')) return /^\d+(\.\d+)?%$/.test(text) && Number(text.slice(0, -1)) <= 100 ? text : undefined;
    const value = numberFrom(text, 0, Number.MAX_SAFE_INTEGER);
    return value !== undefined && (value < 1 || Number.isInteger(value)) ? value : undefined;
  });
}

const byteUnits = ['', 'k', 'm', 'g', 't'];

/** 500MB, 2GB, 1.5GiB or a plain number of bytes. */
export function byteSize(flags: string, description: string): Option {
  return option(flags, description, 'a size such as 500MB, 2GB or 1GiB', (text) => {
    const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?$/i.exec(text);
    if (match === null) return undefined;
    const [, value, unit, binary] = match;
    return Math.floor(Number(value) * (binary === '' ? 1000 : 1024) ** byteUnits.indexOf(unit.toLowerCase()));
  });
}

/** A column by its number, from 1, or a field by its name. */
export function fieldName(flags: string, description: string): Option {
  return option<string | number>(flags, description, 'a name, or a number from 1', (text) => {
    if (/^\d+$/.test(text)) return wholeFrom(text, 1, 2 ** 31 - 1);
    return text === '' ? undefined : text;
  });
}

/** One ASCII character; `\t` or `tab` for a tab, which shells make hard to type. */
export function separator(flags: string, description: string): Option {
  return option(flags, description, "one character other than a quote, or 'tab'", (text) => {
    if (text === 'tab' || text === '\\t') return '\t';
    return /^[^"\r\n\0\u0080-\uffff]$/.test(text) ? text : undefined;
  });
}
