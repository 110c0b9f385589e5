import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkInteger, failure, shown } from '../core/check.js';
import { Job } from '../core/job.js';
import { bytesOf, npyHeader, npyHeaderBytes, readFully, writeFully } from '../io/npy.js';
import { CsrMatrix } from '../matrix/csr-matrix.js';
import { type CooccurrenceBlocksOptions, cooccurrenceBlocks } from './blocks.js';

/** Options of `spillCooccurrence`. */
export interface SpillOptions extends Omit<CooccurrenceBlocksOptions, 'output'> {
  /** The folder that gets `indptr.npy`, `indices.npy` and `values.npy`; it is made where it is not there, and files of these names
   * are replaced when the new ones are complete. */
  directory: string;
}

const parts = ['indptr', 'indices', 'values'] as const;

/**
 * Pair counts that lie in a folder, as three arrays in NumPy's format: Python reads them with
 * `csr_matrix((np.load('values.npy', mmap_mode='r'), np.load('indices.npy', mmap_mode='r'), np.load('indptr.npy')))`.
 */
export class SpilledCooccurrence {
  /** @internal */
  constructor(
    /** The folder. */
    readonly directory: string,
    readonly shape: readonly [number, number],
    /** Row r holds the entries from indptr[r] to indptr[r + 1]. */
    readonly indptr: Float64Array,
  ) {}

  /** The number of entries. */
  get nnz(): number {
    return this.indptr[this.indptr.length - 1];
  }

  /**
   * Reads the rows of the terms from `first` up to `end`.
   * @returns (end - first) x all terms
   * @throws (rejects) RangeError for terms that are not there; Error `ERR_NO_SUCH_FILE` for a file that is gone or shorter
   */
  async rows(first: number, end: number): Promise<CsrMatrix<Int32Array>> {
    checkInteger(first, 'first', 0, this.shape[0]);
    checkInteger(end, 'end', first, this.shape[0]);
    const indptr = Float64Array.from(this.indptr.subarray(first, end + 1), (at) => at - this.indptr[first]);
    const read = async (part: string): Promise<Int32Array> => {
      const array = new Int32Array(indptr[end - first]);
      const path = join(this.directory, `${part}.npy`);
      const file = await open(path).catch((error) => Promise.reject(unreadable(path, error)));
      try {
        if (await readFully(file, bytesOf(array), npyHeaderBytes + 4 * this.indptr[first])) return array;
        throw unreadable(path, new Error('it has been cut off'));
      } finally {
        await file.close();
      }
    };
    const [indices, values] = [await read('indices'), await read('values')];
    const small = indptr[end - first] < 2 ** 31;
    return new CsrMatrix({
      shape: [end - first, this.shape[1]],
      indptr: small ? Int32Array.from(indptr) : indptr,
      indices,
      values,
    });
  }
}

const unreadable = (path: string, error: Error) =>
  failure('ERR_NO_SUCH_FILE', `${path} cannot be read (${error.message}).`, { cause: error });

/**
 * Counts pairs as `cooccurrence` does, block after block into a folder, so that a result larger than the memory is had as well.
 * Files appear under their names when they are complete; a call that fails or is stopped leaves none of its own.
 * @param counts n documents x n terms, as they are when this is called; only whether a value is zero matters
 * @throws (rejects) TypeError, RangeError for a wrong argument; `ERR_MEMORY_BUDGET`; `AbortError`; Error `ERR_CANNOT_WRITE` where
 * the folder or the disk takes no more
 */
export async function spillCooccurrence(counts: CsrMatrix, options: SpillOptions): Promise<SpilledCooccurrence> {
  if (typeof options?.directory !== 'string' || options.directory === '') {
    throw failure(
      'ERR_INVALID_ARG_TYPE',
      `directory must be the path of a folder, but is ${shown(options?.directory)}.`,
    );
  }
  const { directory, ...counting } = options;
  if ('output' in counting)
    throw failure('ERR_INVALID_ARG_VALUE', 'output is always sparse where pairs are spilled; leave it out.');
  const blocks = cooccurrenceBlocks(counts, { ...counting, output: 'sparse' });
  const folder = resolve(directory);
  const files = new SpillFiles(folder);
  try {
    await files.open();
    const n = counts.nColumns;
    const indptr = new Float64Array(n + 1);
    for await (const { firstTerm, pairs } of blocks) {
      const before = indptr[firstTerm];
      for (let row = 0; row < pairs.nRows; row++) indptr[firstTerm + row + 1] = before + pairs.indptr[row + 1];
      await files.write('indices', bytesOf(pairs.indices), npyHeaderBytes + 4 * before);
      await files.write('values', bytesOf(pairs.values), npyHeaderBytes + 4 * before);
    }
    await files.write('indptr', npyHeader('Float64Array', n + 1), 0);
    await files.write('indptr', bytesOf(indptr), npyHeaderBytes);
    await files.write('indices', npyHeader('Int32Array', indptr[n]), 0);
    await files.write('values', npyHeader('Int32Array', indptr[n]), 0);
    await Job.run(counting, async () => files.commit()); // not where the call was stopped meanwhile
    return new SpilledCooccurrence(folder, [n, n], indptr);
  } finally {
    await files.discard();
  }
}

/** The files under the names that they have while they are written. */
class SpillFiles {
  private readonly open_ = new Map<string, FileHandle>();
  private readonly suffix = `.${randomUUID()}.tmp`;

  constructor(private readonly folder: string) {}

  open(): Promise<void> {
    return this.attempt(async () => {
      await mkdir(this.folder, { recursive: true });
      for (const part of parts) this.open_.set(part, await open(this.temporary(part), 'wx'));
    });
  }

  write(part: (typeof parts)[number], bytes: Uint8Array, position: number): Promise<void> {
    return this.attempt(() => writeFully(this.open_.get(part) as FileHandle, bytes, position));
  }

  commit(): Promise<void> {
    return this.attempt(async () => {
      for (const part of parts) {
        await this.open_.get(part)?.close();
        await rename(this.temporary(part), join(this.folder, `${part}.npy`));
        this.open_.delete(part);
      }
    });
  }

  /** Removes what has not got its name. */
  async discard(): Promise<void> {
    for (const [part, file] of this.open_) {
      await file.close().catch(() => undefined);
      await rm(this.temporary(part), { force: true });
    }
  }

  private temporary(part: string): string {
    return join(this.folder, `${part}.npy${this.suffix}`);
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw failure(
        'ERR_CANNOT_WRITE',
        `The pairs cannot be written to ${this.folder} (${(error as Error).message}).`,
        { cause: error },
      );
    }
  }
}
