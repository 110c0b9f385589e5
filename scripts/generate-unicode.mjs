// Writes the one Unicode table of both languages, so that no answer depends on the Unicode version of the running Node:
//   src/backends/plain/unicode-table.ts   runs, unpacked when the module loads
//   native/generated/unicode_table.hpp    two-level tables, looked up in place
// A file is rewritten only when its content changes, so that builds stay incremental.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const version = '16.0.0';
const read = async (table) => (await import(`@unicode/unicode-${version}/${table}.mjs`)).default;

/** What the tokenizer asks of a code point, one bit each. */
const WORD = 1;
const CASED = 2;
const CASE_IGNORABLE = 4;
const SPACE = 8;
const ACCENTED = 16;

const codePoints = 0x110000;

/** Python's `\w`: letters, numbers and the underscore; no marks, no other connectors. */
const wordTables = ['Letter', 'Decimal_Number', 'Letter_Number', 'Other_Number'].map(
  (name) => `General_Category/${name}`,
);

async function readProperties() {
  const properties = new Uint8Array(codePoints);
  const mark = async (bit, table) => {
    for (const { begin, end } of await read(`${table}/ranges`)) {
      for (let c = begin; c < end; c++) properties[c] |= bit;
    }
  };
  for (const table of wordTables) await mark(WORD, table);
  properties['_'.codePointAt(0)] |= WORD;
  await mark(CASED, 'Binary_Property/Cased');
  await mark(CASE_IGNORABLE, 'Binary_Property/Case_Ignorable');
  await mark(SPACE, 'Binary_Property/White_Space');
  for (let c = 0x1c; c <= 0x1f; c++) properties[c] |= SPACE; // as Python's `str.isspace`
  return properties;
}

/**
 * What stripping accents makes of each code point that it changes: its compatibility decomposition (NFKD) without
 * characters of a combining class. Left out are the syllables of Hangul, which both backends take apart by arithmetic.
 *
 * Decompositions come from the running Node, limited to what the pinned version knows: Unicode never changes the one of
 * a code point that it has assigned.
 */
async function readAccents() {
  if (Number.parseFloat(process.versions.unicode) < Number.parseFloat(version)) {
    console.warn(`This Node has Unicode ${process.versions.unicode}: accents that are newer stay where they are.`);
  }
  const combining = (c) => {
    // Canonical order sorts by class: a mark of class 1 moves before others, and this one before a mark of class 230.
    const [mark, low, high] = [String.fromCodePoint(c), '\u0334', '\u0301'];
    return (
      `a${mark}${low}`.normalize('NFD') === `a${low}${mark}` || `a${high}${mark}`.normalize('NFD') === `a${mark}${high}`
    );
  };
  const accents = new Map();
  for (const { begin, end } of await read('Binary_Property/Assigned/ranges')) {
    for (let c = begin; c < end; c++) {
      if (c < 0x80 || (c >= 0xd800 && c < 0xe000) || (c >= 0xac00 && c < 0xd7a4)) continue;
      const parts = [...String.fromCodePoint(c).normalize('NFKD')];
      const kept = parts.filter((part) => part < '\x80' || !combining(part.codePointAt(0)));
      if (kept.length !== 1 || kept[0].codePointAt(0) !== c) accents.set(c, kept.join(''));
    }
  }
  return accents;
}

/** Code point to lower case as a signed distance; both `lowercase` functions rely on what is checked here. */
async function readShifts() {
  const utf8Length = (c) => (c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
  const shifts = new Int32Array(codePoints);
  for (const [from, to] of await read('Simple_Case_Mapping/Lowercase/code-points')) {
    if (from > 0xffff !== to > 0xffff) throw new Error(`U+${from.toString(16)} changes its plane in lower case`);
    if (utf8Length(to) > 1.5 * utf8Length(from))
      throw new Error(`U+${from.toString(16)} more than halves again in UTF-8`);
    shifts[from] = to - from;
  }
  const expanding = [...(await read('Special_Casing/Lowercase/code-points'))].filter(([, to]) => to.length > 1);
  if (JSON.stringify(expanding) !== '[[304,[105,775]]]') {
    throw new Error(
      `U+0130 is to be the only code point with two in lower case, but Unicode has ${JSON.stringify(expanding)}`,
    );
  }
  return shifts;
}

/** `[length, value, ...]` from code point 0 up to the last that has a property. */
function propertyRuns(properties) {
  const runs = [];
  for (let start = 0, c = 1; c < codePoints; c++) {
    if (properties[c] === properties[start]) continue;
    runs.push(c - start, properties[start]);
    start = c;
  }
  return runs;
}

/** `[gap, count, stride, shift, ...]`: `count` code points, `stride` apart, `gap` after the end of the run before. */
function shiftRuns(shifts) {
  const runs = [];
  for (let end = 0, c = 0; c < codePoints; c++) {
    const shift = shifts[c];
    if (shift === 0) continue;
    const stride = shifts[c + 1] === shift ? 1 : 2;
    let last = c;
    while (shifts[last + stride] === shift && (stride === 1 || shifts[last + 1] === 0)) last += stride;
    runs.push(c - end, (last - c) / stride + 1, stride, shift);
    end = c = last;
  }
  return runs;
}

/** Cuts an array into blocks and keeps each distinct block once: `values[c] = blocks[index[c / size] * size + c % size]`. */
function twoLevel(values, size) {
  const last = values.findLastIndex((value) => value !== 0);
  const seen = new Map();
  const index = [];
  for (let start = 0; start <= last; start += size) {
    const block = [...values.subarray(start, start + size)];
    const key = block.join();
    if (!seen.has(key)) seen.set(key, { number: seen.size, block });
    index.push(seen.get(key).number);
  }
  if (seen.size > 256) throw new Error(`${seen.size} distinct blocks do not fit into one byte`);
  return { index, blocks: [...seen.values()].flatMap(({ block }) => block) };
}

function wrapped(numbers, indent) {
  const lines = [''];
  for (const number of numbers) {
    if (lines.at(-1).length + `${number}, `.length > 110 - indent.length) lines.push('');
    lines[lines.length - 1] += lines.at(-1) === '' ? `${number},` : ` ${number},`;
  }
  return lines.map((line) => indent + line).join('\n');
}

const header = `// Unicode ${version}: word characters, white space, lower case, what the final sigma needs, and letters without accents.
// Generated by scripts/generate-unicode.mjs; do not edit.`;

/** Code points as hexadecimal distances, so that the table is ASCII and short. */
const hexDeltas = (codePoints) => codePoints.map((c, i) => (c - (codePoints[i - 1] ?? 0)).toString(16));

function typescript(properties, shifts, accents) {
  return `${header}

export const unicodeVersion = '${version}';

export const WORD = ${WORD};
export const CASED = ${CASED};
export const CASE_IGNORABLE = ${CASE_IGNORABLE};
export const SPACE = ${SPACE};
export const ACCENTED = ${ACCENTED};

/** Run after run from U+0000: its length, then the properties of all its code points as a sum of the bits above. */
export const propertyRuns: readonly number[] = [
${wrapped(propertyRuns(properties), '  ')}
];

/**
 * Code points whose simple lower-case mapping is another code point, in runs of four numbers: the distance from the last
 * code point of the run before, how many, how far apart, and what to add to each.
 */
export const lowercaseRuns: readonly number[] = [
${wrapped(shiftRuns(shifts), '  ')}
];

/** The code points with the property ACCENTED in ascending order: the distance from the one before, in base 16. */
export const accentedSteps =
  '${hexDeltas([...accents.keys()]).join(' ')}';

/** What is left of each without its accents, in the same order and separated by spaces: code points in base 16, with a '+' between two. */
export const accentlessForms =
  '${[...accents.values()].map((form) => Array.from(form, (part) => part.codePointAt(0).toString(16)).join('+')).join(' ')}';
`;
}

function cpp(properties, shifts, accents) {
  const array = (type, name, numbers) =>
    `inline constexpr ${type} ${name}[${numbers.length}] = {\n${wrapped(numbers, '    ')}\n};`;
  const twoLevelArrays = (name, values, bits) => {
    const { index, blocks } = twoLevel(values, 1 << bits);
    return `// A code point below ${name}_limit: ${name}_blocks[${name}_index[c >> ${bits}] << ${bits} | (c & ${(1 << bits) - 1})].
inline constexpr unsigned ${name}_bits = ${bits};
inline constexpr char32_t ${name}_limit = 0x${(index.length << bits).toString(16)};
${array('std::uint8_t', `${name}_index`, index)}
${array('std::uint8_t', `${name}_blocks`, blocks)}`;
  };
  const distances = [0, ...new Set(shifts.filter((shift) => shift !== 0))];
  const numbers = new Map(distances.map((distance, number) => [distance, number]));
  const shiftNumbers = Uint8Array.from(shifts, (shift) => numbers.get(shift));
  if (distances.length > 256) throw new Error(`${distances.length} distances do not fit into one byte`);
  const forms = Buffer.from([...accents.values()].join(''));
  const begins = [0];
  for (const form of accents.values()) begins.push(begins.at(-1) + Buffer.byteLength(form));
  if (forms.length > 0xffff) throw new Error(`${forms.length} bytes of forms without accents need wider numbers`);
  return `${header}
#pragma once

#include <cstdint>

namespace corpuscle::unicode_table {

inline constexpr char version[] = "${version}";

inline constexpr std::uint8_t word = ${WORD};
inline constexpr std::uint8_t cased = ${CASED};
inline constexpr std::uint8_t case_ignorable = ${CASE_IGNORABLE};
inline constexpr std::uint8_t space = ${SPACE};
inline constexpr std::uint8_t accented = ${ACCENTED};

${twoLevelArrays('property', properties, 7)}

${twoLevelArrays('shift', shiftNumbers, 6)}

// What to add to a code point, by the number that the table above holds, to get its simple lower-case mapping.
${array('std::int32_t', 'shifts', distances)}

// The code points with the property \`accented\` in ascending order; what is left of number i without its accents is the UTF-8
// from accentless_begin[i] to accentless_begin[i + 1].
${array('char32_t', 'accented_points', [...accents.keys()])}
${array('std::uint16_t', 'accentless_begin', begins)}
${array('unsigned char', 'accentless', [...forms])}

}  // namespace corpuscle::unicode_table
`;
}

function write(path, text) {
  const url = new URL(`../${path}`, import.meta.url);
  if (existsSync(url) && readFileSync(url, 'utf8') === text) return `${path} (unchanged)`;
  mkdirSync(new URL('.', url), { recursive: true });
  writeFileSync(url, text);
  return path;
}

const properties = await readProperties();
const shifts = await readShifts();
const accents = await readAccents();
for (const c of accents.keys()) properties[c] |= ACCENTED;
const written = [
  write('src/backends/plain/unicode-table.ts', typescript(properties, shifts, accents)),
  write('native/generated/unicode_table.hpp', cpp(properties, shifts, accents)),
];
console.log(`Unicode ${version}: ${written.join(', ')}`);
