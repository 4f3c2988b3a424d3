import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transient, toFailure } from '#shared/errors';
import type { FunctionDefinition, Ports } from '#shared/function';
import { publicationOf, runFunction } from '#shared/host';
import type { Claim, CommitRequest } from '#shared/ledger';
import { logFor } from '#shared/telemetry';
import type { FrontDoor } from './front-door.ts';

/** Does what is due, as lanes would, one delivery at a time. */
export interface Worker {
  /** Works until nothing of these functions is due any more; answers how many deliveries ended. */
  workOff(): Promise<number>;
  /** Up to its commit: what a process does that dies there. */
  begin(name: string): Promise<CommitRequest>;
  close(): Promise<void>;
}

/** @param functions those that it hosts, with the ports that they need */
export async function workerAt(
  door: FrontDoor,
  functions: readonly Pick<FunctionDefinition, 'name'>[],
  ports: Partial<Ports> = {},
): Promise<Worker> {
  const { fixture, options } = door;
  const definitions = functions as unknown as readonly FunctionDefinition[];
  const names = definitions.map(({ name }) => name);
  const laneOf = (name: string): string => {
    const lane = options.topology.functions.find((fn) => fn.name === name)?.profile;
    if (lane === undefined) throw new Error(`events.yaml has no function ${name}`);
    return lane;
  };
  const lanes = await Promise.all(
    [...Map.groupBy(names, laneOf)].map(async ([lane, own]) => ({
      ...{ lane, functions: own },
      host: await fixture.host({ lane }),
    })),
  );
  const claimNext = async (): Promise<Claim | undefined> => {
    for (const { host, lane, functions } of lanes) {
      const [claim] = await fixture.claim(host, { lane, functions, limit: 1 });
      if (claim !== undefined) return claim;
    }
    return undefined;
  };
  const workRoot = await mkdtemp(join(tmpdir(), 'millrace worker '));

  async function handle(claim: Claim): Promise<CommitRequest> {
    const definition = definitions.find(({ name }) => name === claim.function);
    const topology = options.topology.functions.find(({ name }) => name === claim.function);
    if (definition === undefined || topology === undefined) throw new Error(`nobody hosts ${claim.function}`);
    const { outcome } = await runFunction({
      ...{ definition, claim, workRoot, store: door.artifacts, ports: ports as Ports, clock: options.clock },
      random: { next: () => 0.5 },
      log: logFor(options.log, {}),
      signal: AbortSignal.timeout(30_000),
      onProgress: () => undefined,
    });
    const publication = publicationOf(outcome, topology, claim.key ?? undefined);
    return { claim, ...publication, reply: outcome.reply, write: outcome.write, usage: {} };
  }

  return {
    async workOff() {
      for (let ended = 0; ; ended += 1) {
        const claim = await claimNext();
        if (claim === undefined) return ended;
        try {
          await fixture.work.commit(await handle(claim));
        } catch (error) {
          const delayMs = error instanceof Transient ? (error.retryAfterMs ?? 1_000) : 0;
          await fixture.work.fail({ claim, failure: toFailure(error), delayMs });
        }
      }
    },
    async begin(name) {
      const lane = laneOf(name);
      const host = lanes.find((one) => one.lane === lane)?.host ?? '';
      return await handle(await fixture.claimOne(host, { lane, functions: [name] }));
    },
    close: () => rm(workRoot, { recursive: true, force: true }),
  };
}
