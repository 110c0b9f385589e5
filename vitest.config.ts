import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The command line's tests first, which start the most processes: begun last, the longest of them would run alone. */
class CommandLineFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isFirst = ({ moduleId }: TestSpecification) => moduleId.includes('/test/cli/');
    return [...sorted.filter(isFirst), ...sorted.filter((file) => !isFirst(file))];
  }
}

// The tests run what is shipped: `#src/...` is type-checked against src/ and resolved to the built dist/esm/,
// where the plain backend finds its worker and the native one its addon.
export default defineConfig({
  resolve: { alias: { '#src': fileURLToPath(new URL('./dist/esm', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: availableParallelism(), // vitest leaves a core to itself, of two
    testTimeout: 30_000,
    server: { deps: { external: [/\/dist\/(esm|cjs)\//] } }, // loaded by Node, as its users' is
    sequence: { sequencer: CommandLineFirst },
  },
});
