/** What a command fails with, the line that says so, and the code that the process ends with. */

import { CommanderError } from 'commander';
import { inFlags } from './words.js';

/** A refusal of the command line itself, beside those of the library. */
export class CommandError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly exitCode = 1,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A command that cannot be meant as it was typed. */
export function usageError(code: string, message: string): CommandError {
  return new CommandError(code, message, 2);
}

/** What a signal ends a run with. */
export class Interruption extends CommandError {
  constructor(signal: NodeJS.Signals, number: number) {
    super(signal, 'The run was interrupted.', 128 + number);
  }
}

/** What the system said about writing to a path, in a sentence; other errors pass as they are. */
export function cannotWrite(path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EEXIST: 'a file is in its way',
    EISDIR: 'it is a folder',
    ENOENT: 'its folder does not exist',
    ENOTDIR: 'a file is in its way',
    ENOSPC: 'the disk is full',
    EROFS: 'the file system is read-only',
  };
  return new CommandError('ERR_CANNOT_WRITE', `${path} cannot be written: ${reasons[code] ?? code}.`, 1, {
    cause: error,
  });
}

/** Whether the reader of standard output has left, as in `corpuscle ... | head`. */
export function isReaderGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
}

/** The library's refusals of how it was called, which here is how the command was typed. */
const usageCodes = new Set(['ERR_UNKNOWN_OPTION', 'ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_VALUE']);

const commanderCodes: Readonly<Record<string, string>> = {
  'commander.unknownOption': 'ERR_UNKNOWN_OPTION',
  'commander.unknownCommand': 'ERR_UNKNOWN_COMMAND',
  'commander.invalidArgument': 'ERR_INVALID_ARG_VALUE',
  'commander.missingArgument': 'ERR_MISSING_ARGUMENT',
  'commander.optionMissingArgument': 'ERR_MISSING_ARGUMENT',
  'commander.excessArguments': 'ERR_EXCESS_ARGUMENT',
};

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return usageCodes.has(codeOf(error)) ? 2 : 1;
}

/** `corpuscle: message (CODE)`, on one line; with `debug` the stack follows. */
export function errorText(error: unknown, debug: boolean): string {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const sentence = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  const line = `corpuscle: ${inFlags(sentence)} (${codeOf(error)})\n`;
  return debug && error instanceof Error ? `${line}${error.stack}\n` : line;
}

function codeOf(error: unknown): string {
  if (error instanceof CommanderError) return commanderCodes[error.code] ?? 'ERR_USAGE';
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'ERR_INTERNAL';
}
