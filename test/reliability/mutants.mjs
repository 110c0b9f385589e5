/**
 * Planted bugs: in which file, what stands there, what takes its place, and the tests that should find it: test files,
 * or the kernels' tests of a filter. `find` must stand in the file exactly once, so that a change of the source is noticed.
 */
import { kernelMutants } from './mutants/kernels.mjs';
import { libraryMutants } from './mutants/library.mjs';

export const mutants = [...kernelMutants, ...libraryMutants];
