/** Terms that are spelled almost as one that is not there. */

const maxDistance = 2;

/** Up to `n` terms at most two edits away, the nearest first; on a tie those that begin alike for longer. */
export function nearestTerms(wanted: string, terms: Iterable<string>, n: number): string[] {
  const lower = wanted.toLowerCase();
  const near: { term: string; distance: number; alike: number }[] = [];
  for (const term of terms) {
    if (Math.abs(term.length - lower.length) > maxDistance) continue;
    const distance = editDistance(lower, term);
    if (distance <= maxDistance && distance < lower.length)
      near.push({ term, distance, alike: commonStart(lower, term) });
  }
  return near
    .sort((a, b) => a.distance - b.distance || b.alike - a.alike)
    .slice(0, n)
    .map(({ term }) => term);
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** Levenshtein's distance with swaps of neighbours (optimal string alignment), in UTF-16 units. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + changed);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}
