/** One plot a task: documents against seconds, both logarithmic, a line a contender. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { groupBy } from '../group-by.js';
import { library } from '../library.js';
import type { Row } from '../results.js';

interface Vega {
  parse(spec: unknown): unknown;
  View: new (runtime: unknown, options: { renderer: 'none' }) => { toSVG(): Promise<string> };
}
interface VegaLite {
  compile(spec: unknown): { spec: unknown };
}

/** Writes an SVG a task into `folder`; returns the names of the tasks. */
export async function drawPlots(rows: readonly Row[], folder: URL): Promise<string[]> {
  const vega = await library<Vega>('vega');
  const { compile } = await library<VegaLite>('vega-lite');
  mkdirSync(folder, { recursive: true });
  const tasks = [...groupBy(rows, ({ task }) => task)];
  for (const [task, own] of tasks) {
    const view = new vega.View(vega.parse(compile(plot(own)).spec), { renderer: 'none' });
    writeFileSync(new URL(`${task}.svg`, folder), `${await view.toSVG()}\n`);
  }
  return tasks.map(([task]) => task);
}

function plot(rows: readonly Row[]) {
  const values = rows.flatMap(({ facts, contender, measured }) =>
    measured === undefined ? [] : [{ documents: facts.documents, seconds: measured.seconds, contender }],
  );
  const contenders = [...new Set(rows.map(({ contender }) => contender))];
  const logarithmic = { type: 'log', nice: false };
  return {
    width: 460,
    height: 300,
    background: 'white',
    title: { text: rows[0].title, anchor: 'start', fontSize: 14 },
    data: { values },
    mark: { type: 'line', point: { size: 50, filled: true }, strokeWidth: 2 },
    encoding: {
      x: { field: 'documents', type: 'quantitative', scale: logarithmic, axis: { title: 'documents', format: '~s' } },
      y: { field: 'seconds', type: 'quantitative', scale: logarithmic, axis: { title: 'seconds', format: '~g' } },
      color: { field: 'contender', type: 'nominal', scale: { domain: contenders, scheme: 'tableau10' }, title: null },
    },
    config: {
      font: 'Helvetica, Arial, sans-serif',
      axis: { gridColor: '#e4e4e4', labelOverlap: true },
      view: { stroke: null },
    },
  };
}
