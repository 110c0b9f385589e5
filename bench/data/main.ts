/** `npm run bench:data`: writes the synthetic corpus to a file or to standard output. */

import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { cannotWrite, exitCodeOf, isReaderGone } from '#src/cli/errors.js';
import { wholeNumber } from '#src/cli/values.js';
import { chunks } from './chunks.js';
import { type FormatName, formats, lines } from './formats.js';
import { syntheticDocuments } from './synthetic.js';

interface Flags {
  documents: number;
  seed: number;
  format: FormatName;
  out?: string;
}

const command = new Command('npm run bench:data --')
  .description('Writes synthetic documents like reviews; the same seed gives the same bytes.')
  .addOption(wholeNumber('--documents <n>', 'how many').default(650_000))
  .addOption(wholeNumber('--seed <s>', 'of the random draws', 0, 2 ** 32 - 1).default(1))
  .addOption(new Option('--format <name>', 'how to write them').choices(Object.keys(formats)).default('csv'))
  .option('--out <file>', 'where to write them (default: standard output)')
  .action(write);

async function write({ documents, seed, format, out }: Flags): Promise<void> {
  const target = out === undefined ? process.stdout : createWriteStream(out);
  try {
    await pipeline(chunks(lines(syntheticDocuments({ documents, seed }), format)), target);
  } catch (error) {
    throw cannotWrite(out ?? 'Standard output', error);
  }
}

try {
  await command.parseAsync();
} catch (error) {
  if (!isReaderGone((error as Error).cause)) {
    process.stderr.write(`bench:data: ${(error as Error).message}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
