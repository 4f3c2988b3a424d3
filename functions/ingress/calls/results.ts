import { text } from 'node:stream/consumers';
import { type ArtifactRef, type EventType, eventCatalogue } from '#shared/events';
import type { Ledger, RunView } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';

/** What a single call answers, as its client reads it. */
type Result = Readonly<Record<string, unknown>>;

interface ResultOf {
  /** The event that holds it. */
  readonly type: EventType;
  read(data: Record<string, unknown>, json: (artifact: unknown) => Promise<Result>): Result | Promise<Result>;
}

/** By flow. Runs of other flows have artifacts alone. */
const results: Readonly<Record<string, ResultOf>> = {
  keywords: { type: 'pipeline.keywords.fetched', read: ({ subject, keywords }) => ({ subject, keywords }) },
  script: { type: 'pipeline.script.generated', read: ({ artifact }, json) => json(artifact) },
  narration: {
    type: 'pipeline.audio.rendered',
    read: ({ voice, durationSeconds }) => ({ voice, durationSeconds }),
  },
  thumbnail: { type: 'pipeline.thumbnail.created', read: ({ credits }) => ({ credits }) },
  assembly: { type: 'pipeline.video.assembled', read: ({ durationSeconds }) => ({ durationSeconds }) },
  metadata: { type: 'pipeline.metadata.built', read: ({ artifact }, json) => json(artifact) },
  'text-metadata': { type: 'pipeline.metadata.built', read: ({ artifact }, json) => json(artifact) },
};

/** Far more than a script or metadata has. */
const MOST_BYTES = 4 * 1024 * 1024;

export type ReadResult = (run: RunView) => Promise<Result | undefined>;

/** The result of a completed single call; undefined for every other run. */
export function createResultReader({
  ledger,
  artifacts,
}: {
  ledger: Ledger;
  artifacts: ObjectStore;
}): ReadResult {
  async function json(artifact: unknown): Promise<Result> {
    const { key, bytes } = artifact as ArtifactRef;
    if (bytes > MOST_BYTES) return {};
    return JSON.parse(await text(await artifacts.get(key))) as Result;
  }
  return async (run) => {
    const wanted = results[run.flow];
    if (wanted === undefined || run.state !== 'completed') return undefined;
    const [event] = (await ledger.eventsOf(run.id, [wanted.type])).slice(-1);
    const parsed = eventCatalogue[wanted.type].data.safeParse(event?.data);
    return parsed.success ? await wanted.read(parsed.data, json) : undefined;
  };
}
