/** Faults planted in a copy of head, for the gate to find. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from './shell.js';
import { buildAddon, copyTree, type Tree } from './trees.js';

export interface Fault {
  readonly name: string;
  readonly kind: 'slower' | 'wrong';
  /** The row of gate B that must find it. */
  readonly row: string;
  readonly file: string;
  /** This text, which the file holds once, becomes that one. */
  readonly text: string;
  readonly becomes: string;
}

/** The slower ones do some of the work twice, so that the row takes about 5 % longer, and leave the result as it was. */
export const faults: readonly Fault[] = [
  {
    name: 'slower-kmeans',
    kind: 'slower',
    row: 'kmeans',
    file: 'native/kernels/kmeans.cpp',
    text: '          coarse_centers_.nearest(run, rows, std::span(open).first(count), found.data());',
    becomes: `          coarse_centers_.nearest(run, rows, std::span(open).first(count), found.data());
          coarse_centers_.nearest(run, rows, std::span(open).first(3 * count / 10), found.data());`,
  },
  {
    name: 'slower-cooccurrence',
    kind: 'slower',
    row: 'cooccurrence',
    file: 'native/kernels/cooccurrence.cpp',
    text: '      rows_.count(term, sums);',
    becomes: `      rows_.count(term, sums);
      if (term % 6 == 0) {
        std::fill(sums.counts.begin(), sums.counts.end(), 0);
        rows_.count(term, sums);
      }`,
  },
  {
    name: 'wrong-kmeans',
    kind: 'wrong',
    row: 'kmeans',
    file: 'native/kernels/kmeans.cpp',
    text: 'center_norms_[j] - 2.0 * product;',
    becomes: 'center_norms_[j] - 1.9 * product;',
  },
];

/** A built copy of a built tree with a fault in it. */
export function plant(tree: Tree, fault: Fault): Promise<Tree> {
  const apply = async (folder: string) => {
    const path = join(folder, fault.file);
    const source = await readFile(path, 'utf8');
    const found = source.split(fault.text).length - 1;
    if (found !== 1) {
      throw new Error(
        `${fault.file} holds the text that '${fault.name}' replaces ${found} times instead of once; change the fault in bench/gate/planted.ts.`,
      );
    }
    await writeFile(
      path,
      source.replace(fault.text, () => fault.becomes),
    );
    say(`${fault.name}: building the addon`);
    await buildAddon(folder);
  };
  return copyTree(tree, `experiments/${fault.name}`, { id: fault.becomes, apply });
}
