import { execFile } from 'node:child_process';

/** Runs a program and gives what it printed; an error ends with its last lines. */
export function execute(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 1 << 30, ...options }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const last = `${stdout}${stderr}`.trim().split('\n').slice(-20).join('\n');
      reject(new Error(`\`${[program, ...args].join(' ')}\` failed:\n${last || error.message}`));
    });
  });
}

/** Whether a program is installed. */
export async function isInstalled(program: string): Promise<boolean> {
  return execute(program, ['--version']).then(
    () => true,
    () => false,
  );
}

/** One line for each step, apart from the tables on standard output. */
export const say = (line: string): boolean => process.stderr.write(`${line}\n`);

/** Maps over items, up to `limit` at a time. */
export async function mapAtOnce<T, R>(items: readonly T[], limit: number, of: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await of(items[i]);
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
