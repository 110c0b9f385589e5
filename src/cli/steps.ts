/** What a run tells on standard error: a bar while a step runs, a line when it has ended. */

import { SingleBar } from 'cli-progress';
import type { Progress } from '../index.js';
import { barLine, type Sample } from './bar.js';
import { inFlags } from './words.js';

export interface Step<T> {
  readonly name: string;
  readonly work: (onProgress: (progress: Progress) => void) => Promise<T>;
  /** How far the step is, where that is more than what `work` told last. */
  readonly sample?: (latest: Progress) => Sample;
  /** What was done, for the line that stays. */
  readonly summary: (result: T, seconds: number) => string;
}

export class Steps {
  /** Whether nothing is to be told. */
  quiet = false;
  private readonly seconds = stopwatch();
  private bar: SingleBar | undefined;
  private held: string[] = [];

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Does a step, shown while it lasts. */
  async run<T>({ name, work, sample = (latest) => latest, summary }: Step<T>): Promise<T> {
    let latest: Progress = { phase: '', done: 0, total: Number.NaN };
    const seconds = stopwatch();
    let clock = { phase: '', seconds };
    this.draw(() => {
      const now = sample(latest);
      if (now.phase !== clock.phase) clock = { phase: now.phase, seconds: stopwatch() };
      return barLine(name, now, clock.seconds(), this.stream.columns);
    });
    try {
      const result = await work((progress) => {
        latest = progress;
      });
      this.clear();
      this.tell(name, `${summary(result, seconds())} in ${seconds().toFixed(2)} s`);
      return result;
    } finally {
      this.clear();
    }
  }

  tell(name: string, text: string): void {
    this.write(`${name.padEnd(8)} ${text}\n`);
  }

  warn(message: string): void {
    this.write(`corpuscle: warning: ${inFlags(message)}\n`);
  }

  /** Ends the list of steps with the time since the program started them. */
  finish(): void {
    this.tell('total', `${this.seconds().toFixed(2)} s`);
  }

  /** Takes the bar away and gives the cursor back; what was held meanwhile is written. */
  clear(): void {
    this.bar?.stop();
    this.bar = undefined;
    for (const line of this.held.splice(0)) this.stream.write(line);
  }

  private draw(line: () => string): void {
    if (this.quiet || !this.stream.isTTY) return;
    this.bar = new SingleBar({
      stream: this.stream,
      format: line,
      fps: 10,
      hideCursor: true,
      clearOnComplete: true,
    });
    this.bar.start(1, 0);
  }

  private write(line: string): void {
    if (this.quiet) return;
    if (this.bar === undefined) this.stream.write(line);
    else this.held.push(line);
  }
}

/** A function that says how many seconds ago it was made. */
function stopwatch(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}
