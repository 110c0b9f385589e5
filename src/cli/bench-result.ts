/** What `corpuscle bench` prints: the stages by backend, the whole job, and the simplest backend that is fast enough. */

import { stages } from '../bench/stages.js';
import type { StageFigures } from './bench-stages.js';
import { tableText } from './table.js';
import { counted, formatBytes } from './words.js';

export interface BenchResult {
  readonly documents: number;
  readonly threads: number;
  readonly nClusters: number;
  readonly fastEnough: number;
  readonly figures: readonly StageFigures[];
}

export function printed(result: BenchResult, format: 'table' | 'json'): string {
  const totals = wholeJob(result);
  const verdict = verdictOf(result, totals);
  if (format === 'json') return `${JSON.stringify({ ...result, totals, verdict }, null, 2)}\n`;
  const rows = [...stages, 'whole job' as const].flatMap((stage) => {
    const own = stage === 'whole job' ? totals : result.figures.filter((figures) => figures.stage === stage);
    return own.map((figures, i) => [i === 0 ? stage : '', figures.backend, ...cells(figures)]);
  });
  const columns = ['stage', 'backend', 'seconds', 'first run', 'memory', 'x plain'];
  const table = tableText(
    columns.map((head, i) => ({ head, align: i < 2 ? ('left' as const) : ('right' as const) })),
    rows,
  );
  return `${counted(result.documents, 'document')}, parallel on ${counted(result.threads, 'thread')}\n\n${table}\n${verdict}\n`;
}

type Total = Omit<StageFigures, 'stage'>;

function cells({ seconds, coldSeconds, peakBytes, speedup, plannedSeconds }: Total): string[] {
  if (seconds === undefined) return [`planned: ${shortSeconds(plannedSeconds as number)}`, '', '', ''];
  return [
    shortSeconds(seconds),
    coldSeconds === undefined ? '' : shortSeconds(coldSeconds),
    peakBytes === undefined ? '' : formatBytes(peakBytes),
    speedup === undefined ? '' : speedup.toPrecision(2),
  ];
}

/** The stages of each backend together: seconds add up, memory is that of the stage that takes most. */
function wholeJob({ figures }: BenchResult): Total[] {
  const backends = [...new Set(figures.map(({ backend }) => backend))];
  const totals = backends.map((backend): Total => {
    const own = figures.filter((each) => each.backend === backend);
    const sum = (pick: (each: StageFigures) => number) => own.reduce((total, each) => total + pick(each), 0);
    if (own.some(({ seconds }) => seconds === undefined)) {
      return { backend, plannedSeconds: sum(({ seconds, plannedSeconds }) => seconds ?? (plannedSeconds as number)) };
    }
    return {
      backend,
      seconds: sum(({ seconds }) => seconds as number),
      ...(own.every(({ coldSeconds }) => coldSeconds !== undefined) && {
        coldSeconds: sum(({ coldSeconds }) => coldSeconds as number),
      }),
      peakBytes: Math.max(...own.map(({ peakBytes }) => peakBytes as number)),
    };
  });
  const plain = totals[0].backend === 'plain' ? totals[0].seconds : undefined;
  return totals.map((total) =>
    plain === undefined || total.seconds === undefined ? total : { ...total, speedup: plain / total.seconds },
  );
}

/** Backends come from the simplest to the fastest: the first that is fast enough is enough. */
function verdictOf({ fastEnough }: BenchResult, totals: readonly Total[]): string {
  const limit = `the ${shortSeconds(fastEnough)} of --fast-enough`;
  const enough = totals.find(({ seconds }) => seconds !== undefined && seconds <= fastEnough);
  const measured = totals.filter(({ seconds }) => seconds !== undefined);
  const fastest = measured.reduce((a, b) => ((b.seconds as number) < (a.seconds as number) ? b : a), measured[0]);
  if (enough === undefined) {
    const best =
      fastest === undefined
        ? ''
        : `: ${fastest.backend}, the fastest, takes ${shortSeconds(fastest.seconds as number)}`;
    return `None is within ${limit}${best}. A higher --min-df, --max-features or --limit make the job smaller.`;
  }
  const own = `${enough.backend} is fast enough: ${shortSeconds(enough.seconds as number)}, within ${limit}`;
  if (fastest.backend === enough.backend) return `${own}.`;
  return `${own}; ${fastest.backend} takes ${shortSeconds(fastest.seconds as number)}.`;
}

function shortSeconds(seconds: number): string {
  return `${seconds >= 100 ? seconds.toFixed(0) : Number(seconds.toPrecision(3))} s`;
}
