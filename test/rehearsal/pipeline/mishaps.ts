import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '#shared/database';
import type { Cluster } from '../data-plane/cluster.ts';

/** Something that goes wrong once in a rehearsal. */
export interface Mishap {
  readonly name: string;
  /** Looks whether it is time, and does it then. Answers whether it has happened. */
  happens(world: World): Promise<boolean>;
}

interface World {
  readonly cluster: Cluster;
  readonly pool: Pool;
}

const LOOK_MS = 30;

/** A process that holds a delivery of the function, once there is one. `is deleted`: as Kubernetes does it, with its pod. */
export function toWorking(fn: string, what: 'gets SIGKILL' | 'gets SIGTERM' | 'is deleted'): Mishap {
  return {
    name: `a process of ${fn} at work ${what}`,
    async happens({ cluster, pool }) {
      const { rows } = await pool.query<{ pid: number }>(
        `select h.pid from ledger.delivery d join ledger.host h on h.id = d.host
         where d.function = $1 and d.state = 'leased'`,
        [fn],
      );
      const pid = rows[0]?.pid;
      const pods = cluster.services.get(fn)?.pods ?? [];
      const pod = pods.find(({ container }) => container.pid === pid);
      const jobs = cluster.jobSinks.get(fn)?.jobs ?? [];
      const job = jobs.find(({ container }) => container?.pid === pid);
      const container = pod?.container ?? job?.container;
      if (container === undefined) return false;
      if (what !== 'is deleted') container.signal(what === 'gets SIGKILL' ? 'SIGKILL' : 'SIGTERM');
      else void pod?.terminate();
      return true;
    },
  };
}

/** The oldest process of a Deployment: done twice, it has met both that were there, whichever was elected. */
export function toOldest(
  deployment: string,
  when: { name: string; is: (cluster: Cluster) => boolean },
): Mishap {
  return {
    name: `a ${deployment} gets SIGKILL when ${when.name}`,
    async happens({ cluster }) {
      const [replica] = cluster.deployments.get(deployment)?.replicas ?? [];
      if (replica === undefined || !when.is(cluster)) return false;
      replica.signal('SIGKILL');
      return true;
    },
  };
}

/** The Broker, with all that it holds, once it has accepted so many events; it is back a second later. */
export function toBroker(accepted: number): Mishap {
  return {
    name: `the Broker gets SIGKILL after ${accepted} events`,
    async happens({ cluster: { broker } }) {
      if (broker.counts.accepted < accepted) return false;
      await broker.kill();
      await sleep(1_000);
      await broker.start();
      return true;
    },
  };
}

/** Lets each of them happen once its time has come; answers the names of those that have. */
export function begin(world: World, mishaps: readonly Mishap[]): { end(): Promise<readonly string[]> } {
  const happened: string[] = [];
  let isOver = false;
  const all = Promise.all(
    mishaps.map(async (mishap) => {
      for (; !isOver; await sleep(LOOK_MS)) {
        if (!(await mishap.happens(world))) continue;
        happened.push(mishap.name);
        return;
      }
    }),
  );
  return {
    async end() {
      isOver = true;
      await all;
      return happened;
    },
  };
}
