/**
 * Times variants in rounds, each in fresh processes. Those of a round live side by side and run in turns, slot by slot, so that
 * they meet the machine in the same mood; slots that were disturbed are repeated.
 */

import type { LimitOptions, MachineLimits } from '../backends/limits.js';
import { failure } from '../core/check.js';
import { type Answer, difference } from './answer.js';
import { Calm, patience } from './calm.js';
import type { FirstRun, Slot } from './child.js';
import { type Limits, VariantProcess } from './process.js';
import { median } from './statistics.js';
import type { VariantStart } from './variant.js';

/** A variant and how it is measured. */
export interface Timing {
  readonly start: VariantStart;
  /** Fresh processes. */
  readonly rounds: number;
  /** Turns of timed runs in each process, after its first run. */
  readonly slots: number;
  /** Seconds that a turn takes, about; it has at least one run. */
  readonly slotSeconds: number;
  /** Seconds of runs before the first turn that are not timed, for what a compiler at run time takes; 0: no such run. */
  readonly warmUpSeconds: number;
  /** The rates of the machine to measure after the last turn. */
  readonly probes?: LimitOptions;
}

/** What one process took. */
export interface Times {
  readonly answer: Answer;
  /** Seconds of the first run; none in the first round, whose first runs are there to be compared. */
  readonly cold?: number;
  /** Seconds of the runs of each slot. */
  readonly slots: readonly (readonly number[])[];
  /** How many slots were disturbed, and repeated. */
  readonly disturbed: number;
  /** Resident bytes at the highest during the first run, beyond those before it. */
  readonly peakBytes: number;
  /** The machine's own rates, where they were asked for and the addon is there to measure them. */
  readonly machineLimits?: MachineLimits;
}

/** Why a variant has no times. */
export interface Missing {
  readonly missing: string;
  /** It did answer, but not as the others. */
  readonly wrong?: true;
}

/** Above this many documents, processes do not live side by side, for the memory's sake. */
export const manyDocuments = 100_000;

/**
 * The times of each variant, one a round, or why there are none. All answers are compared with that of the first variant that
 * gives one, before anything is timed: one that answers otherwise is an error and not a time.
 */
export async function timeInRounds(
  variants: ReadonlyMap<string, Timing>,
  limits: Limits,
  { sideBySide = true, calm = new Calm() } = {},
): Promise<Map<string, readonly Times[] | Missing>> {
  const times = new Map<string, Times[]>([...variants.keys()].map((name) => [name, []]));
  const missing = new Map<string, Missing>();
  const rounds = Math.max(0, ...[...variants.values()].map((timing) => timing.rounds));
  let reference: Answer | undefined;
  for (let round = 0; round < rounds; round++) {
    const named = turned([...variants], round).filter(([name, own]) => round < own.rounds && !missing.has(name));
    for (const group of sideBySide ? [named] : named.map((one) => [one])) {
      const turns = new Turns(group, limits, calm, reference);
      for (const [name, outcome] of await turns.taken()) {
        if ('missing' in outcome) missing.set(name, outcome);
        else times.get(name)?.push(round === 0 ? withoutCold(outcome) : outcome);
      }
      reference = turns.reference;
    }
  }
  return new Map([...times].map(([name, own]) => [name, missing.get(name) ?? own]));
}

/** The times of one variant in one fresh process: its first run, and one more. */
export async function timesOf(start: VariantStart, limits: Limits = {}): Promise<Times> {
  const timing = { start, rounds: 1, slots: 1, slotSeconds: 0, warmUpSeconds: 0 };
  const outcome = (await new Turns([['it', timing]], limits, new Calm()).taken()).get('it') as Times | Missing;
  if ('missing' in outcome) throw failure('ERR_BACKEND_FAILED', outcome.missing);
  return outcome;
}

interface Player {
  readonly name: string;
  readonly timing: Timing;
  readonly threads: number;
  readonly process: VariantProcess;
  readonly slots: Slot[];
  first?: FirstRun;
  machineLimits?: MachineLimits | undefined;
}

/** One round of variants that live side by side. */
class Turns {
  private readonly missing = new Map<string, Missing>();
  private readonly players: readonly Player[];

  constructor(
    variants: readonly (readonly [string, Timing])[],
    private readonly limits: Limits,
    private readonly calm: Calm,
    /** What every answer must be; that of the first variant, where nothing else is known. */
    public reference?: Answer,
  ) {
    this.players = variants.map(([name, timing]) => {
      const threads = timing.start.quiet?.threads ?? 1;
      return { name, timing, threads, process: new VariantProcess(timing.start, limits), slots: [] };
    });
  }

  /** Ends the processes, too. */
  async taken(): Promise<Map<string, Times | Missing>> {
    try {
      await Promise.allSettled(this.players.map(({ process }) => process.ready));
      await this.inTurn(0, (player) => this.firstRun(player));
      await this.inTurn(0, async ({ process, timing: { warmUpSeconds }, threads }) => {
        if (warmUpSeconds > 0) await process.slot({ seconds: warmUpSeconds, threads });
      });
      for (let turn = 0; this.players.some((player) => this.wants(player)); turn++) {
        await this.inTurn(turn, async (player) => {
          const { process, timing, threads, slots } = player;
          if (this.wants(player)) slots.push(await process.slot({ seconds: timing.slotSeconds, threads }));
        });
      }
      await this.inTurn(0, async (player) => {
        const { probes } = player.timing;
        if (probes !== undefined) player.machineLimits = (await player.process.machineLimits(probes)) ?? undefined;
      });
    } finally {
      for (const { process } of this.players) process.close();
    }
    return new Map(this.players.map((player) => [player.name, this.missing.get(player.name) ?? this.timesOf(player)]));
  }

  private wants(player: Player): boolean {
    const { name, timing, slots } = player;
    if (this.missing.has(name) || slots.length >= patience * timing.slots) return false;
    return this.calmSlots(player).length < timing.slots;
  }

  private calmSlots({ slots, threads }: Player): Slot[] {
    return slots.filter((slot) => this.calm.holds(slot, threads));
  }

  private timesOf(player: Player): Times {
    const { first, slots, machineLimits } = player;
    const { answer, seconds, peakBytes } = first as FirstRun;
    const calm = this.calmSlots(player);
    return {
      answer,
      cold: seconds,
      slots: (calm.length > 0 ? calm : slots).map((slot) => slot.seconds),
      disturbed: slots.length - calm.length,
      peakBytes,
      ...(machineLimits !== undefined && { machineLimits }),
    };
  }

  private async firstRun(player: Player): Promise<void> {
    player.first = await player.process.first();
    const { answer } = player.first;
    const what = this.reference && difference(this.reference, answer);
    this.reference ??= answer;
    if (what !== undefined) this.missing.set(player.name, { missing: `wrong result: ${what}`, wrong: true });
  }

  /** A step of each, one after the other; who fails is left out from then on. */
  private async inTurn(turn: number, step: (player: Player) => Promise<void>): Promise<void> {
    for (const player of turned(this.players, turn)) {
      if (this.missing.has(player.name)) continue;
      try {
        await step(player);
      } catch (error) {
        this.limits.signal?.throwIfAborted();
        this.missing.set(player.name, { missing: (error as Error).message });
      }
    }
  }
}

function withoutCold({ cold, ...times }: Times): Times {
  return times;
}

/** The items in order, beginning with another one each turn. */
function turned<T>(items: readonly T[], turn: number): T[] {
  const first = items.length === 0 ? 0 : turn % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/** Seconds of a run: those of the fastest slot, since whatever else happens on a machine can but add to them. */
export function secondsOf(times: readonly Times[]): number {
  return Math.min(...times.flatMap(({ slots }) => slots.map(median)));
}
