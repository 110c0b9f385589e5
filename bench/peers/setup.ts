/** `npm run bench:peers -- --setup`: a virtual environment with the pinned peers, and the program that uses GraphBLAS. */

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { graphblasProgram, python, sources, virtualEnvironment } from './places.js';

const oldestPython = [3, 11]; // that the pinned versions take

/** Makes what the peers need; says in a line each what it made and what is missing. */
export async function setupPeers(): Promise<void> {
  for (const step of [setUpPython, setUpGraphBlas]) {
    const { line, made } = step();
    if (made) console.log(line);
    else console.error(line);
    if (!made && step === setUpPython) process.exitCode = 1;
  }
}

interface Outcome {
  readonly made: boolean;
  readonly line: string;
}

const made = (line: string): Outcome => ({ made: true, line });
const missing = (line: string): Outcome => ({ made: false, line });

function setUpPython(): Outcome {
  const interpreter = [process.env.PYTHON, 'python3', 'python'].find((name) => name !== undefined && isNewEnough(name));
  if (interpreter === undefined) {
    const wanted = `Python ${oldestPython.join('.')} or newer`;
    return missing(`The peers in Python need ${wanted}, which was not found; the variable PYTHON may name one.`);
  }
  const environment = complaint(interpreter, ['-m', 'venv', virtualEnvironment]);
  if (environment !== undefined) {
    return missing(`The peers in Python need its venv module (Debian: python3-venv), which failed: ${environment}`);
  }
  console.log('Installing the peers (bench/peers/requirements.txt); this downloads some 300 MB.');
  const requirements = join(sources, 'requirements.txt');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
  const installation = complaint(python, [...pip, '-r', requirements]);
  if (installation !== undefined) return missing(`The peers in Python cannot be installed: ${installation}`);
  return made(`The peers in Python are installed in ${virtualEnvironment}.`);
}

function isNewEnough(interpreter: string): boolean {
  const check = `import sys; sys.exit(sys.version_info < (${oldestPython.join(', ')}))`;
  return complaint(interpreter, ['-c', check]) === undefined;
}

function setUpGraphBlas(): Outcome {
  mkdirSync(dirname(graphblasProgram), { recursive: true });
  const compiler = process.env.CC ?? 'cc';
  if (complaint(compiler, ['--version']) !== undefined) {
    return missing(`GraphBLAS is left out: its program needs a C compiler, and there is no ${compiler}.`);
  }
  const flags = ['-O3', '-std=c11', '-I/usr/include/suitesparse'];
  const source = join(sources, 'graphblas.c');
  const failed = complaint(compiler, [...flags, source, '-o', graphblasProgram, '-lgraphblas']);
  if (failed === undefined) return made(`GraphBLAS is built as ${graphblasProgram}.`);
  const lacking = /GraphBLAS\.h|lgraphblas|'graphblas'/.test(failed);
  if (lacking)
    return missing('GraphBLAS is left out: GraphBLAS.h or libgraphblas is missing (Debian: libgraphblas-dev).');
  return missing(`GraphBLAS is left out: its program does not compile: ${failed}`);
}

/** Runs a command; where it fails, the line that says most about why. */
function complaint(command: string, args: readonly string[]): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) return error.message;
  if (status === 0) return undefined;
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /error|cannot find/i.test(line)) ?? lines[0] ?? `status ${status}`).trim();
}
