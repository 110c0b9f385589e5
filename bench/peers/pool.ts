/** The processes of the peers, one for each peer and number of threads, started when they are first asked. */

import { type MissingPeer, type PeerInfo, PeerProcess, type PeerRun } from './process.js';
import type { PeerRow } from './rows.js';

export class PeerPool {
  private readonly processes = new Map<string, PeerProcess>();

  async run(row: PeerRow, folder: string): Promise<PeerRun | MissingPeer> {
    return this.processOf(row).ask({ do: 'run', task: row.task, folder }, 1800);
  }

  /** Versions and threads of each process, as found in it. */
  async infos(): Promise<Record<string, PeerInfo | MissingPeer>> {
    const infos: Record<string, PeerInfo | MissingPeer> = {};
    for (const [name, process] of this.processes) infos[name] = await process.ask({ do: 'info' });
    return infos;
  }

  close(): void {
    for (const process of this.processes.values()) process.close();
  }

  private processOf({ peer, threads }: PeerRow): PeerProcess {
    const name = `${peer} x ${threads}`;
    const process = this.processes.get(name) ?? new PeerProcess(peer, threads);
    this.processes.set(name, process);
    return process;
  }
}
