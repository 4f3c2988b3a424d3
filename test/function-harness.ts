import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ArtifactRef,
  type EventData,
  type EventType,
  eventCatalogue,
  isEventType,
} from '#shared/events';
import type { Emit, FunctionDefinition, Ports } from '#shared/function';
import { runFunction } from '#shared/host';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { readTopology } from '#shared/topology';

export interface TestBench {
  readonly store: ObjectStore;
  /** A folder for the test's own files. */
  readonly folder: string;
  /** Stores an artifact as an earlier function would have. */
  artifact(name: string, body: Uint8Array | string): Promise<ArtifactRef>;
  /**
   * Runs a function as a host does, on events and real ports; answers what its commit would publish, each
   * payload checked against its schema and the names against `events.yaml`.
   */
  run<Consumes extends EventType, Needs extends keyof Ports>(request: {
    definition: FunctionDefinition<Consumes, Needs>;
    events: readonly Emit[];
    ports: Pick<Ports, Needs>;
    signal?: AbortSignal;
    onProgress?: (fraction: number) => void;
    /** Whose leave was asked; throws where a limit refuses it. A provider not in its `uses` has no limit: refused. */
    onProvider?: (provider: string) => void;
  }): Promise<{ published: readonly Emit[]; artifacts: readonly ArtifactRef[] }>;
  remove(): Promise<void>;
}

const topology = readTopology({ path: fileURLToPath(new URL('../events.yaml', import.meta.url)) });

/** A store in a folder of its own and a host for one function. */
export async function createTestBench(): Promise<TestBench> {
  const folder = await mkdtemp(join(tmpdir(), "function it's "));
  const store = await createFilesystemStore({ root: join(folder, 'objects') });
  let count = 0;
  return {
    store,
    folder,
    async artifact(name, body) {
      count++;
      const key = `runs/earlier/${count}/${name}`;
      const { bytes, type, sha256 } = await store.put(key, Buffer.from(body));
      return { name, key, bytes, type, sha256 };
    },
    async run({ definition, events, ports, signal = new AbortController().signal, onProgress, onProvider }) {
      const key = events.find((event) => event.key !== undefined)?.key ?? null;
      const { outcome } = await runFunction({
        // The host's registry holds functions of every kind; what each consumes and needs is checked as it runs.
        definition: definition as unknown as FunctionDefinition,
        claim: {
          ...{
            id: `delivery-${++count}`,
            run: 'a-run',
            title: 'A run',
            owner: 'alice',
            function: definition.name,
            key,
          },
          ...{ attempts: 0, lost: 0, fence: '1', host: 'a-host', timeoutMs: 60_000 },
          events: events.map((event, index) => ({
            ...{ id: `event-${index}`, type: event.type, key: event.key ?? null, traceparent: null },
            data: eventCatalogue[event.type].data.parse(event.data),
          })),
        },
        store,
        ports: ports as Partial<Ports> as Ports,
        clock: { now: () => new Date('2026-01-02T03:04:05Z') },
        random: { next: () => 0.5 },
        log: { info: () => undefined, warn: () => undefined },
        workRoot: join(folder, 'work'),
        signal,
        onProgress: (fraction) => onProgress?.(fraction),
        takeProvider: async ({ provider }) => {
          if (!usedBy(definition.name).includes(provider)) throw new Error(`It does not use ${provider}.`);
          onProvider?.(provider);
        },
      });
      const puts = outcome.puts ?? [];
      return {
        artifacts: puts.map((put) => put.artifact),
        published: [
          ...(outcome.emits ?? []),
          ...puts.flatMap(({ artifact, data }) => {
            const type = boundEvent(definition.name, artifact.name);
            return type ? [checked(type, key, { ...data, artifact })] : [];
          }),
        ],
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The published event of a type, its payload typed. */
export function publishedOf<Type extends EventType>(published: readonly Emit[], type: Type): EventData<Type> {
  const found = published.find((event) => event.type === type);
  if (!found) throw new Error(`No ${type} was published.`);
  return found.data as EventData<Type>;
}

function usedBy(name: string): readonly string[] {
  return topology.functions.find((fn) => fn.name === name)?.uses ?? [];
}

function boundEvent(name: string, artifact: string): EventType | undefined {
  return topology.functions.find((fn) => fn.name === name)?.puts[artifact];
}

function checked(type: EventType, key: string | null, data: unknown): Emit {
  if (!isEventType(type)) throw new Error(`${type} is no event.`);
  const event = { type, data: eventCatalogue[type].data.parse(data), ...(key === null ? {} : { key }) };
  return event as Emit;
}
