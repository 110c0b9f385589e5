/** One JSON object a line. */

import { failure, shown } from '../core/check.js';
import type { LineParser } from './lines.js';

const namesShown = 10;

/** Takes the text out of a field of each line; dots in `field` reach into objects. Blank lines hold no document. */
export function jsonLineParser(field: string): LineParser {
  const path = field.split('.');
  return (line, place) => {
    if (line.trim() === '') return undefined;
    const value = parsed(line, place);
    // A field whose own name has dots comes before the path.
    const found = isObject(value) && Object.hasOwn(value, field) ? value[field] : inner(value, path);
    if (typeof found === 'string') return found;
    if (typeof found === 'number') return String(found);
    throw failure('ERR_MISSING_FIELD', `${place()} ${whyMissing(value, field, found)}.`);
  };
}

function parsed(line: string, place: () => string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw failure('ERR_BAD_RECORD', `${place()} is not JSON (${(error as Error).message}).`, {
      cause: error,
    });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inner(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (!isObject(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

function whyMissing(value: unknown, field: string, found: unknown): string {
  if (!isObject(value)) return `must be an object with the field ${shown(field)}, but is ${kindOf(value)}`;
  if (found !== undefined) return `must have a string in the field ${shown(field)}, but has ${kindOf(found)}`;
  const names = Object.keys(value);
  const list = names.slice(0, namesShown).map(shown).join(', ') + (names.length > namesShown ? ', …' : '');
  return `has no field ${shown(field)}; its fields are ${list === '' ? 'none' : list}`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return isObject(value) ? 'an object' : shown(value);
}
