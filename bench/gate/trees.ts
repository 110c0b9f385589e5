/** The states of the code that are compared, each unpacked and built in a folder of its own below out/gate. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute, say } from './shell.js';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const gateFolder = join(root, 'out', 'gate');

/** Modules and build tools are those of the repository: Node finds them in the node_modules of a folder above. */
export interface Tree {
  readonly name: string;
  readonly folder: string;
  /** Changes with the tree's content. */
  readonly id: string;
}

const git = async (...args: string[]) => (await execute('git', args, { cwd: root })).trim();
const gitOrNothing = (...args: string[]) => git(...args).catch(() => '');
const textOf = (file: string) => readFile(file, 'utf8').catch(() => '');

/**
 * The commit to compare with: `reference`, or the merge base with the main branch; where that is HEAD, HEAD for a
 * working tree with changes, else the commit before it. Undefined where there is none.
 */
export async function baseCommit(reference?: string): Promise<string | undefined> {
  if (reference !== undefined) return git('rev-parse', '--verify', `${reference}^{commit}`);
  const head = await gitOrNothing('rev-parse', '--verify', 'HEAD');
  if (head === '') return undefined;
  const main =
    (await gitOrNothing('merge-base', 'HEAD', 'origin/main')) || (await gitOrNothing('merge-base', 'HEAD', 'main'));
  if (main !== '' && main !== head) return main;
  if ((await git('status', '--porcelain')) !== '') return head;
  return (await gitOrNothing('rev-parse', '--verify', 'HEAD~1')) || undefined;
}

/** The tree of a commit. */
export function baseTree(commit: string): Promise<Tree> {
  return unpack('base', commit, async (folder) => {
    const archive = `${folder}.tar`;
    await git('archive', `--output=${archive}`, commit);
    await execute('tar', ['-xf', archive, '-C', folder]);
    await rm(archive);
  });
}

/** The working tree as it is: tracked files and new ones, but nothing that git ignores. */
export async function headTree(): Promise<Tree> {
  const listed = await git('ls-files', '-z', '--cached', '--others', '--exclude-standard');
  const files = [...new Set(listed.split('\0'))].filter((file) => file !== '' && existsSync(join(root, file))).sort();
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(await readFile(join(root, file)))
      .update('\0');
  return unpack('head', hash.digest('hex'), async (folder) => {
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await copyFile(join(root, file), join(folder, file));
    }
  });
}

/** A copy of a tree with what is built in it, in other places of memory when loaded; `change` may alter it. */
export function copyTree(
  tree: Tree,
  name: string,
  change?: { id: string; apply(folder: string): Promise<void> },
): Promise<Tree> {
  return unpack(name, `${tree.id} ${change?.id ?? ''}`, async (folder) => {
    await cp(tree.folder, folder, { recursive: true, filter: (source) => !source.endsWith(stampFile) });
    await change?.apply(folder);
  });
}

const stampFile = '.gate-unpacked'; // written last, so that a folder with it is whole

async function unpack(name: string, id: string, fill: (folder: string) => Promise<void>): Promise<Tree> {
  const folder = join(gateFolder, name);
  const stamp = join(folder, stampFile);
  if ((await textOf(stamp)) !== id) {
    say(`${name}: unpacking`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await fill(folder);
    await writeFile(stamp, id);
  }
  return { name, folder, id };
}

/** What the kernels need to compile: the tree's own modules, where its lock file is another one, and the generated tables. */
export function prepareTree(tree: Tree): Promise<void> {
  return once(tree, '.gate-prepared', async () => {
    if ((await textOf(join(tree.folder, 'package-lock.json'))) !== (await textOf(join(root, 'package-lock.json')))) {
      say(`${tree.name}: npm ci, for its dependencies are others`);
      await execute('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: tree.folder });
    }
    await runScript(tree.folder, 'generate-unicode.mjs');
  });
}

/** Changes with what the addon and the kernel programs are compiled from. */
export async function nativeId(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const sources: string[] = ['CMakeLists.txt', 'binding.gyp', 'package-lock.json'];
  for (const part of ['native', 'scripts']) {
    const names = await readdir(join(folder, part), { recursive: true }).catch(() => []);
    sources.push(...names.map((name) => join(part, name)).filter((name) => !/^native.(generated|build)\b/.test(name)));
  }
  for (const name of sources.sort()) hash.update(`${name}\0${await textOf(join(folder, name))}\0`); // of folders, the name
  return hash.digest('hex');
}

/** Builds the package: the TypeScript, and the addon, which is that of `twin` where that tree has the same kernels. */
export async function buildLibrary(tree: Tree, twin?: Pick<Tree, 'folder'>): Promise<void> {
  await prepareTree(tree);
  await once(tree, '.gate-built', async () => {
    say(`${tree.name}: building the library`);
    await runScript(tree.folder, 'build-ts.mjs');
    if (twin === undefined) await buildAddon(tree.folder);
    else await cp(join(twin.folder, 'build'), join(tree.folder, 'build'), { recursive: true });
  });
}

export const buildAddon = (folder: string) => runScript(folder, 'build-native.mjs');

/** The working tree itself, whose own addon is brought up to date: what of it has not changed is not built again. */
export async function updatedRepository(): Promise<Pick<Tree, 'folder'>> {
  await runScript(root, 'generate-unicode.mjs');
  await runScript(root, 'build-native.mjs', '--update');
  return { folder: root };
}

const runScript = (folder: string, script: string, ...args: string[]) =>
  execute(process.execPath, [join('scripts', script), ...args], { cwd: folder });

async function once({ folder }: Tree, stamp: string, work: () => Promise<void>): Promise<void> {
  if (existsSync(join(folder, stamp))) return;
  await work();
  await writeFile(join(folder, stamp), '');
}
