/** Bugs in the library, which test files should find. */
const script = (name, file, find, replace, ...tests) => ({
  name,
  file: `src/${file}`,
  find,
  replace,
  tests: tests.map((test) => `test/${test}.test.ts`),
});

export const libraryMutants = [
  script(
    'random: the second word is shifted by one bit less',
    'core/random.ts',
    'const low = this.nextUint32() >>> 6;',
    'const low = this.nextUint32() >>> 5;',
    'core/random',
    'cluster/kmeans',
  ),
  script(
    'terms: a tie of maxFeatures keeps the last',
    'text/term-statistics.ts',
    'ties-- > 0',
    '--ties < 0',
    'text/count-vectorizer',
    'text/learnt',
  ),
  script(
    'terms: minDf leaves out one more',
    'text/term-statistics.ts',
    'documentFrequency[number] >= minDf &&',
    'documentFrequency[number] > minDf &&',
    'text/count-vectorizer',
  ),
  script(
    'Lloyd: rows are not labelled once more at the end',
    'cluster/lloyd.ts',
    'if (!settled) await kernel.assign(job);',
    '',
    'cluster/kmeans',
  ),
  script(
    'jobs: an abort is not noted in the shared flag',
    'core/job.ts',
    'Atomics.store(this.control, 0, 1);',
    '',
    'backends/abort',
    'core/job',
  ),
  script(
    'matrices: an index may stand twice in a row',
    'matrix/csr-matrix.ts',
    'if (column <= previous || column >= nColumns) {',
    'if (column < previous || column >= nColumns) {',
    'matrix/matrix',
  ),
  script(
    'csv: a record may be as long as it likes',
    'io/csv.ts',
    'if (unbroken > options.maxLineBytes + chunkBytes) {',
    'if (false) {',
    'io/csv',
  ),
  script(
    '--out: a run that fails leaves its parts',
    'cli/output-folder.ts',
    'for (const temporary of this.written.values()) rmSync(temporary, { force: true });',
    '',
    'cli/out',
    'cli/interrupt',
  ),
];
