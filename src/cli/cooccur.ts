/** `corpuscle cooccur`: which terms are found in the same documents, and in how many; or near each other, and how near. */

import { basename, dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { scoreNames } from '../backends/kernels.js';
import { widestWindow } from '../cooccurrence/windows.js';
import { type CooccurFlags, windowsOf } from './cooccur-flags.js';
import { findPairs, type Records } from './cooccur-pairs.js';
import { printed } from './cooccur-result.js';
import { usageError } from './errors.js';
import {
  addComputingOptions,
  addCountingOptions,
  addOutputOptions,
  addReadingOptions,
  inputsHelp,
} from './option-groups.js';
import { OutputFolder } from './output-folder.js';
import type { Session } from './session.js';
import { wholeNumber } from './values.js';

const files = ['cooccurrence.json', 'pairs.csv'] as const;

const examples = `
Examples:
  corpuscle cooccur reviews.jsonl.gz --text-field text --min-df 10 --max-df 10%
  corpuscle cooccur "docs/**/*.md" --stop-words english --term cache --top 10
  corpuscle cooccur reviews.csv --text-field text --term coffee --score llr --top 20
  corpuscle cooccur reviews.csv --text-field text --window 5 --term coffee --output pairs.csv
  corpuscle cooccur reviews.csv --text-field text --min-count 100 --out pairs
`;

export function cooccurCommand(session: Session): Command {
  const command = new Command('cooccur')
    .description('Counts for each pair of terms the documents that hold both.')
    .argument('<inputs...>', inputsHelp);
  addReadingOptions(command);
  addCountingOptions(command);
  command
    .optionsGroup('Pairs:')
    .addOption(wholeNumber('--top <n>', 'pairs to show, those with the highest scores').default(20))
    .option('--term <term>', 'only pairs with this term')
    .addOption(
      new Option('--score <name>', 'what the pairs shown are the highest of').choices(scoreNames).default('count'),
    )
    .addOption(
      wholeNumber(
        '--min-count <n>',
        'leave out pairs in fewer documents, or of less weight (files hold all others)',
      ).default(1),
    )
    .addOption(wholeNumber('--window <n>', 'weigh words up to n apart, instead of counting documents', 1, widestWindow))
    .addOption(new Option('--weights <form>', 'of words d apart in a window (default: 1/d)').choices(['1/d', 'flat']))
    .addOption(
      new Option(
        '--oov <rule>',
        'words that are no terms keep their place in a window, or are skipped (default: gap)',
      ).choices(['gap', 'skip']),
    );
  addComputingOptions(command);
  addOutputOptions(command, files);
  command.option('--output <file>', 'write all pairs into a csv file');
  return command
    .addHelpText('after', examples)
    .action((inputs: string[], flags: CooccurFlags) => cooccur(inputs, flags, session));
}

async function cooccur(inputs: readonly string[], flags: CooccurFlags, session: Session): Promise<void> {
  const { signal, steps, print } = session;
  steps.quiet = flags.quiet ?? false;
  const windows = windowsOf(flags);
  const folder = OutputFolder.of(flags, files);
  const file = outputFile(flags);
  const { result, records } = await findPairs(inputs, windows, flags, session);
  await folder?.write('cooccurrence.json', [printed(result, 'json')], signal);
  if (records !== undefined) {
    if (folder !== undefined) await writePairs(folder, 'pairs.csv', records, session);
    if (file !== undefined) await writePairs(file.folder, file.name, records, session);
  }
  folder?.commit();
  file?.folder.commit();
  await print(printed(result, flags.format));
  steps.finish();
}

/** The file of `--output`, as the one file of its folder. */
function outputFile({ output, out, force }: CooccurFlags): { folder: OutputFolder; name: string } | undefined {
  if (output === undefined) return undefined;
  if (output === '' || output === '-' || /[\\/]$/.test(output)) {
    throw usageError('ERR_INVALID_ARG_VALUE', `--output must name a file, but is "${output}".`);
  }
  if (out !== undefined && files.some((name) => resolve(output) === resolve(join(out, name)))) {
    throw usageError('ERR_INVALID_ARG_VALUE', `--output names a file that --out writes, ${output}.`);
  }
  const name = basename(output);
  return { folder: new OutputFolder(dirname(output), [name], force ?? false), name };
}

function writePairs(folder: OutputFolder, name: string, records: Records, { signal, steps }: Session): Promise<void> {
  return steps.run({
    name: 'writing',
    work: (onProgress) => folder.write(name, records(onProgress), signal),
    summary: () => name,
  });
}
