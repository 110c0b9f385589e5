import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The tests run what is shipped: `#src/...` is type-checked against src/ and resolved to the built dist/esm/,
// where the plain backend finds its worker and the native one its addon.
export default defineConfig({
  resolve: { alias: { '#src': fileURLToPath(new URL('./dist/esm', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: availableParallelism(), // vitest leaves a core to itself, of two
    testTimeout: 30_000,
  },
});
