import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CountVectorizer, type CountVectorizerOptions } from '#src/index.js';
import {
  computing,
  configurations,
  dice,
  digest,
  golden,
  itOnEach,
  lesserSimdLevels,
  sha256,
  withSimd,
} from '../support.js';

const { cases, seed, specials, words } = golden('fuzz');
// One thread of native code runs below, with the lesser vector instructions.
const on = configurations.filter(({ name }) => ['plain', 'parallel x 3'].includes(name));

/** The code points that the golden's Python knows and that no later Unicode changed. */
function knownCodePoints(): number[] {
  const { assigned, changed } = JSON.parse(readFileSync(new URL('../golden/unicode.json', import.meta.url), 'utf8'));
  const known: number[] = [];
  let c = 0;
  for (let i = 0; i < assigned[0].length; i += 2) {
    c += assigned[0][i];
    for (let n = assigned[0][i + 1]; n > 0; n--, c++) if (!changed.includes(c)) known.push(c);
  }
  return known;
}

/** The documents that the golden was made of. */
function randomDocuments(): string[] {
  const known = knownCodePoints();
  const random = dice(seed[0]);
  const one = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)];
  const part = () => {
    const kind = random();
    if (kind < 0.35) return String.fromCodePoint(32 + Math.floor(random() * 95));
    if (kind < 0.6) return String.fromCodePoint(one<number>(specials[0]));
    return kind < 0.65 ? one<string>(words[0]) : String.fromCodePoint(one(known));
  };
  return Array.from({ length: 200_000 }, () => Array.from({ length: Math.floor(random() * 12) }, part).join(''));
}

describe('200,000 random documents over all of Unicode', () => {
  let documents: string[];
  beforeAll(() => {
    documents = randomDocuments();
  });

  async function hashes(options: CountVectorizerOptions) {
    const vectorizer = new CountVectorizer(options);
    const { shape, nnz, indptr, indices, values } = await vectorizer.fitTransform(documents);
    const terms = sha256(
      vectorizer
        .getFeatureNamesOut()
        .map((term) => `${term}\0`)
        .join(''),
    );
    return { columns: shape[1], nnz, terms, indptr: sha256(indptr), indices: sha256(indices), values: sha256(values) };
  }

  for (const { name, options, ...wanted } of cases) {
    itOnEach(
      `are counted as scikit-learn counts them: ${name}`,
      async (configuration) => {
        expect(await hashes({ ...options, ...computing(configuration) })).toEqual(wanted);
      },
      on,
      60_000,
    );

    it.each(lesserSimdLevels)(`are counted so with the vector instructions of %s: ${name}`, async (level) => {
      await withSimd(level, async () => expect(await hashes({ ...options, backend: 'native' })).toEqual(wanted));
    });
  }
});

describe('random UTF-16, lone surrogates and what no Unicode assigned', () => {
  const random = dice(3);
  const near = [
    0x2f, 0x41, 0x7f, 0x80, 0x3a3, 0x7ff, 0x800, 0xac00, 0xd7a3, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff,
  ];
  const unit = () =>
    random() < 0.5
      ? Math.floor(random() * 0x10000)
      : near[Math.floor(random() * near.length)] + Math.floor(3 * random()) - 1;
  const documents = Array.from({ length: 20_000 }, () =>
    String.fromCharCode(...Array.from({ length: Math.floor(random() * 20) }, unit)),
  );

  for (const { name, options } of cases) {
    itOnEach(
      `give the same on all backends: ${name}`,
      async (configuration) => {
        const outcome = async (computed: CountVectorizerOptions) => {
          const vectorizer = new CountVectorizer({ ...options, ...computed });
          return digest({ counts: await vectorizer.fitTransform(documents), terms: vectorizer.vocabulary.batch });
        };
        expect(await outcome(computing(configuration))).toEqual(await outcome({ backend: 'plain' }));
      },
      on.slice(1),
      60_000,
    );
  }
});
