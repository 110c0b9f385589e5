/**
 * What a tokenizer asks of Unicode, answered as Python's `\w`, `\s`, `str.lower` and `unicodedata` do, from the frozen table
 * that the native backend shares. The running Node's own tables (`\p{L}`, `toLowerCase`) are asked about ASCII alone: their version
 * changes with Node's.
 */
import { endianness } from 'node:os';
import {
  ACCENTED,
  accentedSteps,
  accentlessForms,
  CASE_IGNORABLE,
  CASED,
  lowercaseRuns,
  propertyRuns,
  SPACE,
  WORD,
} from './unicode-table.js';

export { unicodeVersion } from './unicode-table.js';

const CAPITAL_SIGMA = 0x03a3;
const FINAL_SIGMA = 0x03c2;
const CAPITAL_I_WITH_DOT = 0x0130;
const COMBINING_DOT_ABOVE = 0x0307;

const properties = unpackProperties();
const { lowercaseUnit, lowercaseHigh } = unpackLowercase();

/** One byte per code point; the untouched part of it costs no memory. */
function unpackProperties(): Uint8Array {
  const bytes = new Uint8Array(0x110000);
  for (let i = 0, start = 0; i < propertyRuns.length; i += 2) {
    const end = start + propertyRuns[i];
    bytes.fill(propertyRuns[i + 1], start, end);
    start = end;
  }
  return bytes;
}

/** Simple lower-case mappings: below U+10000 by code unit (identity where there is none), the rest in a map. */
function unpackLowercase() {
  const lowercaseUnit = new Uint16Array(0x10000).map((_, unit) => unit);
  const lowercaseHigh = new Map<number, number>();
  for (let i = 0, from = 0; i < lowercaseRuns.length; i += 4) {
    const [gap, count, stride, shift] = lowercaseRuns.slice(i, i + 4);
    from += gap;
    const end = from + count * stride;
    for (; from < end; from += stride) {
      if (from < 0x10000) lowercaseUnit[from] = from + shift;
      else lowercaseHigh.set(from, from + shift);
    }
    from -= stride; // gaps are counted from the last code point of a run
  }
  return { lowercaseUnit, lowercaseHigh };
}

/** Whether a code point is a word character: a letter (L*), a number (Nd, Nl, No) or `_`; marks are none. */
export function isWord(codePoint: number): boolean {
  return (properties[codePoint] & WORD) !== 0;
}

/** Whether a code point is white space, as Python's `\s` and `str.split` have it. */
export function isSpace(codePoint: number): boolean {
  return (properties[codePoint] & SPACE) !== 0;
}

export function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text);
}

/**
 * Lower-cases a whole document as Python's `str.lower`: `İ` becomes `i` and U+0307, and a capital sigma at the end of a
 * word becomes `ς`, which is why a document must be lower-cased before it is split. Lone surrogates stay as they are.
 */
export function lowercase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  const growth = text.includes('\u0130') ? 2 : 1; // the only code point that grows
  const out = new Uint16Array(growth * text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === CAPITAL_SIGMA) {
      out[length++] = endsWord(text, i) ? FINAL_SIGMA : lowercaseUnit[unit];
    } else if (unit === CAPITAL_I_WITH_DOT) {
      out[length++] = lowercaseUnit[unit];
      out[length++] = COMBINING_DOT_ABOVE;
    } else if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(i + 1))) {
      const codePoint = text.codePointAt(i++)!;
      const lower = lowercaseHigh.get(codePoint) ?? codePoint;
      out[length++] = 0xd800 + ((lower - 0x10000) >> 10);
      out[length++] = 0xdc00 + (lower & 0x3ff);
    } else {
      out[length++] = lowercaseUnit[unit];
    }
  }
  return fromUnits(out.subarray(0, length));
}

let accentless: Map<number, string> | undefined;

function unpackAccents(): Map<number, string> {
  const forms = accentlessForms.split(' ');
  const fromHex = (hex: string) => String.fromCodePoint(Number.parseInt(hex, 16));
  let codePoint = 0;
  return new Map(
    accentedSteps.split(' ').map((step, i) => {
      codePoint += Number.parseInt(step, 16);
      return [codePoint, forms[i] === '' ? '' : forms[i].split('+').map(fromHex).join('')];
    }),
  );
}

/** The conjoining letters of a syllable of Hangul (the Unicode Standard, section 3.12), or undefined. */
function hangulLetters(codePoint: number): string | undefined {
  const syllable = codePoint - 0xac00;
  if (syllable < 0 || syllable >= 11_172) return undefined;
  const [lead, vowel, tail] = [Math.floor(syllable / 588), Math.floor((syllable % 588) / 28), syllable % 28];
  return String.fromCodePoint(0x1100 + lead, 0x1161 + vowel, ...(tail === 0 ? [] : [0x11a7 + tail]));
}

/**
 * What the compatibility decomposition (NFKD) leaves of a text without characters of a combining class, as scikit-learn's
 * `strip_accents_unicode`; with 'ascii', as `strip_accents_ascii`, what of that is ASCII.
 */
export function withoutAccents(text: string, keep: 'unicode' | 'ascii'): string {
  if (isAscii(text)) return text;
  accentless ??= unpackAccents();
  let stripped = '';
  for (const character of text) {
    const codePoint = character.codePointAt(0)!;
    const changes = (properties[codePoint] & ACCENTED) !== 0;
    stripped += (changes ? accentless.get(codePoint) : hangulLetters(codePoint)) ?? character;
  }
  return keep === 'ascii' ? stripped.replaceAll(/[\u0080-\uffff]/g, '') : stripped;
}

/**
 * Orders strings by code point, which is the order of their UTF-8 bytes; JavaScript's `<` orders by UTF-16 unit and puts
 * U+10000 and above before U+E000. Negative, zero or positive, as `Array.prototype.sort` wants it.
 */
export function compareCodePoints(a: string, b: string): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) {
    const unitOfA = a.charCodeAt(i);
    const unitOfB = b.charCodeAt(i);
    if (unitOfA !== unitOfB) return rank(unitOfA) - rank(unitOfB);
  }
  return a.length - b.length;
}

/** Moves surrogates above all other units, where the code points they stand for belong. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/**
 * Final_Sigma of the Unicode Standard, section 3.13: a cased letter somewhere before and none after, with nothing but
 * case-ignorable characters in between.
 */
function endsWord(text: string, sigma: number): boolean {
  let before = sigma - 1;
  while (before >= 0 && propertiesBefore(text, before) & CASE_IGNORABLE) before -= widthBefore(text, before);
  if (before < 0 || !(propertiesBefore(text, before) & CASED)) return false;

  let after = sigma + 1;
  while (after < text.length && propertiesAt(text, after) & CASE_IGNORABLE)
    after += text.codePointAt(after)! > 0xffff ? 2 : 1;
  return after === text.length || !(propertiesAt(text, after) & CASED);
}

function propertiesAt(text: string, i: number): number {
  return properties[text.codePointAt(i)!];
}

/** The properties of the code point whose last unit is at `i`. */
function propertiesBefore(text: string, i: number): number {
  return propertiesAt(text, i + 1 - widthBefore(text, i));
}

function widthBefore(text: string, i: number): number {
  return i > 0 && isLowSurrogate(text.charCodeAt(i)) && isHighSurrogate(text.charCodeAt(i - 1)) ? 2 : 1;
}

export function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}

/** Buffer knows UTF-16 as little-endian only, and unlike TextDecoder it keeps lone surrogates. */
function fromUnits(units: Uint16Array): string {
  const bytes = Buffer.from(units.buffer, units.byteOffset, units.byteLength);
  return (endianness() === 'BE' ? bytes.swap16() : bytes).toString('utf16le');
}
