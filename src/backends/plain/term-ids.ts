import { IntList } from './int-list.js';

const free = 0;

/**
 * Terms numbered in the order in which they come: a hash table with open addressing over slices of a text, so that a term that
 * is known costs no string.
 */
export class TermIds {
  readonly terms: string[] = [];
  /** Of all terms together. */
  characters = 0;
  private readonly hashes = new IntList(); // of each term
  private slots = new Int32Array(1 << 12); // id + 1 of the term of each slot

  /** The id of text[start, end), whose hash is `hash`, or -1. */
  find(text: string, start: number, end: number, hash: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; this.slots[slot] !== free; slot = (slot + 1) & mask) {
      const id = this.slots[slot] - 1;
      if (this.hashes.get(id) === hash && isSlice(this.terms[id], text, start, end)) return id;
    }
    return -1;
  }

  /** Gives the next id to a term that has none. */
  add(term: string, hash: number): number {
    const id = this.terms.length;
    this.terms.push(Buffer.from(term, 'utf16le').toString('utf16le')); // a slice would keep all of its document
    this.hashes.push(hash);
    this.characters += term.length;
    if (2 * id >= this.slots.length) this.grow();
    this.place(id);
    return id;
  }

  private place(id: number): void {
    const mask = this.slots.length - 1;
    let slot = this.hashes.get(id) & mask;
    while (this.slots[slot] !== free) slot = (slot + 1) & mask;
    this.slots[slot] = id + 1;
  }

  private grow(): void {
    this.slots = new Int32Array(2 * this.slots.length);
    for (let id = 0; id < this.terms.length - 1; id++) this.place(id);
  }
}

function isSlice(term: string, text: string, start: number, end: number): boolean {
  if (term.length !== end - start) return false;
  for (let i = 0; i < term.length; i++) if (term.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
  return true;
}

export const emptyHash = 0x811c9dc5 | 0;

/** The hash of a text and one more UTF-16 unit (FNV-1a, Fowler, Noll, Vo 1991). */
export function extended(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

export function hashOf(term: string): number {
  let hash = emptyHash;
  for (let i = 0; i < term.length; i++) hash = extended(hash, term.charCodeAt(i));
  return hash;
}
