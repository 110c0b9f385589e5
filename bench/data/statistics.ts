/** What the words of a corpus are like: figures by which two corpora are compared. */

export interface CorpusStatistics {
  documents: number;
  /** As `CountVectorizer` finds them: two or more letters, numbers or underscores. */
  tokens: number;
  distinctTerms: number;
  /** Of log count over log rank, ranks 10 to 1000: about -1 in text (Zipf). */
  zipfSlope: number;
  /** Of log distinct terms over log tokens, from 1,000 tokens on (Heaps). */
  heapsExponent: number;
  /** Shares of all tokens that the commonest terms make up. */
  top10: number;
  top100: number;
  top1000: number;
  /** Share of the terms that occur once. */
  hapaxShare: number;
  /** Distinct terms of a document over its tokens, on average by token. */
  distinctShare: number;
  /** Tokens in a document. */
  meanLength: number;
  medianLength: number;
}

const term = /[\p{L}\p{N}_]{2,}/gu;

export function tokensOf(text: string): string[] {
  return text.toLowerCase().match(term) ?? [];
}

export function corpusStatistics(texts: Iterable<string>): CorpusStatistics {
  const counts = new Map<string, number>();
  const lengths: number[] = [];
  const growth: Point[] = [];
  let tokens = 0;
  let entries = 0;
  for (const text of texts) {
    const found = tokensOf(text);
    entries += new Set(found).size;
    lengths.push(found.length);
    tokens += found.length;
    for (const word of found) counts.set(word, (counts.get(word) ?? 0) + 1);
    if (tokens >= 1000 * 2 ** growth.length) growth.push([Math.log(tokens), Math.log(counts.size)]);
  }
  const sorted = [...counts.values()].sort((a, b) => b - a);
  const top = (n: number) => sorted.slice(0, n).reduce((sum, count) => sum + count, 0) / tokens;
  const byRank = sorted.slice(0, 1000).map((count, i): Point => [Math.log(i + 1), Math.log(count)]);
  return {
    documents: lengths.length,
    tokens,
    distinctTerms: counts.size,
    zipfSlope: slope(byRank.slice(9)),
    heapsExponent: slope(growth),
    top10: top(10),
    top100: top(100),
    top1000: top(1000),
    hapaxShare: sorted.filter((count) => count === 1).length / counts.size,
    distinctShare: entries / tokens,
    meanLength: tokens / lengths.length,
    medianLength: lengths.sort((a, b) => a - b)[lengths.length >> 1],
  };
}

type Point = [x: number, y: number];

/** By least squares. */
function slope(points: readonly Point[]): number {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const products = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return products / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
