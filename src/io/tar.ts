/** One member of a tar archive. */

import { failure, isCorpuscleError, shown } from '../core/check.js';
import { AbortError } from '../core/job.js';
import { type Bytes, through } from './bytes.js';

const namesShown = 10;

/** The bytes of the first member whose path, or the last part of it, is `member`. `archive` is for messages. */
export async function* tarMember(
  archive: string,
  bytes: Bytes,
  member: string | undefined,
  stop: AbortController,
): Bytes {
  const { extract } = await import('tar-stream'); // when there is an archive
  const names: string[] = [];
  try {
    for await (const entry of through(bytes, extract(), stop)) {
      if (entry.header.type === 'file') {
        if (member !== undefined && matches(entry.header.name, member)) {
          return yield* entry as AsyncIterable<Buffer>;
        }
        names.push(entry.header.name);
      }
      if (member === undefined && names.length > namesShown) break;
      entry.resume();
    }
  } catch (error) {
    if (isCorpuscleError(error) || error instanceof AbortError) throw error;
    const reason = (error as Error).message;
    throw failure('ERR_BAD_RECORD', `${archive} is not a whole tar archive (${reason}).`, { cause: error });
  }
  throw noMember(archive, member, names);
}

function matches(name: string, member: string): boolean {
  const path = withoutDot(name);
  const wanted = withoutDot(member);
  return path === wanted || path.endsWith(`/${wanted}`);
}

function withoutDot(path: string): string {
  return path.replace(/^(?:\.\/)+/, '');
}

function noMember(archive: string, member: string | undefined, names: readonly string[]): Error {
  const list = names.slice(0, namesShown).map((name) => shown(withoutDot(name)));
  if (names.length > namesShown) list.push('more');
  const members = names.length === 0 ? 'it has no files' : `its members are ${list.join(', ')}`;
  return member === undefined
    ? failure('ERR_INVALID_ARG_VALUE', `${archive} is an archive, of which member must name one; ${members}.`)
    : failure('ERR_NO_SUCH_FILE', `${archive} has no member ${shown(member)}; ${members}.`);
}
