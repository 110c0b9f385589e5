#!/usr/bin/env node
/** The program: finds the command, and says how it ended. */

import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { benchCommand } from './bench.js';
import { clusterCommand } from './cluster.js';
import { cooccurCommand } from './cooccur.js';
import { errorText, exitCodeOf, isReaderGone } from './errors.js';
import { infoCommand } from './info.js';
import { openSession, type Session } from './session.js';
import { sweepCommand } from './sweep.js';

const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

function program(session: Session): Command {
  const commands = [
    clusterCommand(session),
    sweepCommand(session),
    cooccurCommand(session),
    benchCommand(session),
    infoCommand(session, manifest.version),
  ];
  const root = new Command('corpuscle')
    .description('Clusters texts and counts which terms occur together.')
    .version(manifest.version)
    .addHelpText('after', '\nExample:\n  corpuscle cluster reviews.csv --text-field text --clusters 10\n');
  for (const command of commands) root.addCommand(command);
  for (const command of [root, ...commands]) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  return root;
}

async function main(args: readonly string[]): Promise<void> {
  const session = openSession();
  try {
    await program(session).parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    session.signal.throwIfAborted();
  } catch (error) {
    end(session.signal.aborted ? session.signal.reason : error, session, args);
  }
}

/** Ends the process as an error asks for: at once after a signal, else when nothing is left to do. */
function end(error: unknown, { signal, steps }: Session, args: readonly string[]): void {
  steps.clear();
  process.exitCode = isReaderGone(error) ? 0 : exitCodeOf(error);
  if (process.exitCode !== 0) {
    process.stderr.write(errorText(error, args.includes('--debug') || Boolean(process.env.DEBUG)));
  }
  if (signal.aborted) process.exit();
  setTimeout(() => process.exit(), 500).unref(); // in case something, such as a pipe, is still held open
}

await main(process.argv.slice(2));
