/** Where the peers' programs and their environment lie. */

import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url); // from out/bench/peers
const path = (name: string) => fileURLToPath(new URL(name, root));

export const sources = path('bench/peers');
export const virtualEnvironment = path('out/peers-venv');
export const graphblasProgram = path('out/peers/graphblas');
export const python = path(`out/peers-venv/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`);
