// The types, as linters of packages and TypeScript projects of every kind see them.
import { match } from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './report.mjs';
import { tool } from './tools.mjs';

const use = `
const text: Iterable<string> = ['one two', 'two three', 'three one'];
export async function work(): Promise<number> {
  const vectorizer = new CountVectorizer({ minDf: 1, maxDf: '100%' });
  const counts: CsrMatrix<Int32Array> = await vectorizer.fitTransform(text);
  const model = await new KMeans({ nClusters: 2, randomState: 0 }).fit(counts);
  const options: KMeansOptions = { nClusters: 3, backend: 'auto' };
  const labels: Int32Array = model.labels;
  const backend: 'plain' | 'native' | 'parallel' = backendInfo().backend;
  // @ts-expect-error: a wrong option is an error of types
  new KMeans({ nClusters: 'ten' });
  return labels.length + counts.shape[0] + backend.length + (options.nClusters ?? 0);
}
`;
const imports = `import { backendInfo, CountVectorizer, type CsrMatrix, KMeans, type KMeansOptions } from 'corpuscle';\n`;

const settings = {
  'node16, modules': { module: 'node16', moduleResolution: 'node16', file: 'use.mts' },
  'node16, scripts': { module: 'node16', moduleResolution: 'node16', file: 'use.cts' },
  'bundler, modules': { module: 'esnext', moduleResolution: 'bundler', file: 'use.ts' },
  'bundler, scripts': { module: 'commonjs', moduleResolution: 'bundler', file: 'use.ts' },
};

export async function checkTypes({ report, root, folder, file, tools }) {
  await report.check('publint finds nothing, not even a suggestion', async () => {
    const publint = join(await tool(tools, 'publint', ['publint@0.3.25']), 'publint', 'src', 'cli.js');
    const { stdout } = await run(process.execPath, [publint, 'run', file, '--strict', '--level', 'suggestion'], {
      cwd: folder,
    });
    match(stdout, /All good!/);
  });
  await report.check('Are the types wrong? No, for import and require, node16 and bundler', async () => {
    const attw = join(
      await tool(tools, 'attw', ['@arethetypeswrong/cli@0.18.5']),
      '@arethetypeswrong/cli/dist/index.js',
    );
    await run(process.execPath, [attw, file, '--no-color', '--no-emoji'], { cwd: folder });
  });

  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const compile = (name, settings, text) => {
    const { file: source, ...options } = settings;
    const project = join(folder, 'npm', name); // below the installed package, which is found from there
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, source), text);
    const compilerOptions = {
      ...options,
      target: 'es2022',
      strict: true,
      types: [],
      skipLibCheck: false,
      noEmit: true,
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [source] }));
    return run(process.execPath, [tsc, '-p', project], { cwd: project, expected: 'any' });
  };
  const check = ([name, options]) =>
    report.check(`A TypeScript project compiles, but for a wrong option: ${name}`, async () => {
      const { code, stdout } = await compile(name.replaceAll(/\W+/g, '-'), options, imports + use);
      if (code !== 0) throw new Error(stdout);
    });
  await Promise.all(Object.entries(settings).map(check));
}
