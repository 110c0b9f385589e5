/** The files of `--out`: written under other names, and named right all together when the run has succeeded. */

import { randomUUID } from 'node:crypto';
import {
  createWriteStream,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CommandError, cannotWrite } from './errors.js';
import type { OutputFlags } from './option-groups.js';

export class OutputFolder {
  /** What was written, by the name that it is to get. */
  private readonly written = new Map<string, string>();
  /** The topmost folder that was made for it. */
  private readonly created: string | undefined;

  /** The folder of `--out`, or none. */
  static of({ out, force }: OutputFlags, names: readonly string[]): OutputFolder | undefined {
    return out === undefined ? undefined : new OutputFolder(out, names, force ?? false);
  }

  /**
   * Makes the folder where it is not there yet, so that a run fails before it works for long.
   * @param names the files that will be written; they may be there only if `force` says so
   */
  constructor(
    private readonly path: string,
    private readonly names: readonly string[],
    private readonly force: boolean,
  ) {
    this.created = attempt(path, () => mkdirSync(resolve(path), { recursive: true }));
    process.once('exit', () => this.discard());
    this.refuseToOverwrite();
  }

  /** Writes a file under a name that is not its own yet. */
  async write(name: string, chunks: Iterable<string | Uint8Array>, signal: AbortSignal): Promise<void> {
    const temporary = join(this.path, `.${name.slice(0, 32)}.${randomUUID()}.tmp`);
    this.written.set(name, temporary);
    try {
      await pipeline(chunks, createWriteStream(temporary, { flags: 'wx' }), { signal });
    } catch (error) {
      throw cannotWrite(join(this.path, name), error);
    }
  }

  /** Gives all files their names, without a pause in which the run could be stopped. */
  commit(): void {
    this.refuseToOverwrite();
    for (const [name, temporary] of this.written) {
      attempt(join(this.path, name), () => renameSync(temporary, targetOf(join(this.path, name))));
      this.written.delete(name);
    }
  }

  private refuseToOverwrite(): void {
    for (const path of this.names.map((name) => join(this.path, name))) {
      const there = statSync(path, { throwIfNoEntry: false });
      if (there !== undefined && !there.isFile()) {
        const kind = there.isDirectory() ? 'a folder' : 'no regular file';
        throw new CommandError('ERR_CANNOT_WRITE', `${path} is ${kind}.`);
      }
      if (this.force || lstatSync(path, { throwIfNoEntry: false }) === undefined) continue;
      throw new CommandError('ERR_FILE_EXISTS', `${path} exists already; --force overwrites it.`);
    }
  }

  /** Takes away what has not got its name, and the folders that were made for it; at exit, so nothing may fail. */
  private discard(): void {
    try {
      for (const temporary of this.written.values()) rmSync(temporary, { force: true });
      if (this.created === undefined) return;
      for (let folder = resolve(this.path); folder.startsWith(this.created); folder = dirname(folder))
        rmdirSync(folder);
    } catch {
      // the folder holds files, and stays
    }
  }
}

/** The file that a link leads to, which stays a link. */
function targetOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path);
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
