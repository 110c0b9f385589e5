/** `corpuscle info`: what computes on this machine, and why nothing faster does. */

import { arch, availableParallelism, platform } from 'node:os';
import { Command } from 'commander';
import { backendInfo } from '../index.js';
import { formatOption } from './option-groups.js';
import type { Session } from './session.js';
import { tableText } from './table.js';

export function infoCommand(session: Session, version: string): Command {
  return new Command('info')
    .description('Shows which backend computes here, and why nothing faster does.')
    .addOption(formatOption(['table', 'json']))
    .option('--debug', 'show where an error comes from')
    .addHelpText('after', '\nExample:\n  corpuscle info --format json\n')
    .action(({ format }: { format: 'table' | 'json' }) => session.print(printed(facts(version), format)));
}

function facts(version: string): Record<string, unknown> {
  const system = {
    node: process.versions.node,
    platform: `${platform()}-${arch()}`,
    cores: availableParallelism(),
  };
  return { version, ...system, ...backendInfo() };
}

function printed(values: Record<string, unknown>, format: 'table' | 'json'): string {
  if (format === 'json') return `${JSON.stringify(values, null, 2)}\n`;
  const shown = (value: unknown) => {
    if (value === null) return '-';
    return typeof value === 'boolean'
      ? value
        ? 'yes'
        : 'no'
      : Array.isArray(value)
        ? value.join(', ')
        : String(value);
  };
  const rows = Object.entries(values).map(([name, value]) => [name, shown(value)]);
  return tableText([{ head: 'what' }, { head: 'value', wraps: true }], rows);
}
