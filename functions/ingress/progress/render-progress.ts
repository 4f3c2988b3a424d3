import { text } from 'node:stream/consumers';
import { eventCatalogue, type Timeline, timeline } from '#shared/events';
import type { Clock } from '#shared/function';
import type { DeliveryView, Ledger, RunView } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';
import type { Pipeline } from '../schemas/pipeline.ts';
import type { VideoProgress } from './schema.ts';

/** Rendering is nearly all of the work; joining the segments counts for the rest. */
const JOINING_SHARE = 0.03;
const MOST_TIMELINE_BYTES = 8 * 1024 * 1024;
/** As many timelines are kept: they never change. */
const REMEMBERED = 100;

/** How far the picture of a run is, counted in frames. */
export function createRenderProgress({
  ledger,
  artifacts,
  clock,
}: {
  ledger: Ledger;
  artifacts: ObjectStore;
  clock: Clock;
}): (run: RunView, pipeline: Pipeline) => Promise<VideoProgress> {
  const timelines = new Map<string, Timeline>();

  async function timelineOf(run: string): Promise<Timeline | undefined> {
    const kept = timelines.get(run);
    if (kept !== undefined) return kept;
    const [event] = await ledger.eventsOf(run, ['pipeline.audio.rendered']);
    const narrated = eventCatalogue['pipeline.audio.rendered'].data.safeParse(event?.data);
    if (!narrated.success || narrated.data.timeline.bytes > MOST_TIMELINE_BYTES) return undefined;
    const read = timeline.safeParse(JSON.parse(await text(await artifacts.get(narrated.data.timeline.key))));
    if (!read.success) return undefined;
    timelines.set(run, read.data);
    if (timelines.size > REMEMBERED) timelines.delete(timelines.keys().next().value ?? run);
    return read.data;
  }

  return async (run, pipeline) => {
    const base = { id: run.id, status: pipeline.status, links: { pipeline: pipeline.links.self } };
    const known = await timelineOf(run.id).catch(() => undefined);
    if (known === undefined)
      return { ...base, stage: 'preparing', percent: run.state === 'completed' ? 100 : 0 };
    const deliveries = await ledger.deliveriesOf([run.id]);
    const rendering = deliveries.filter((delivery) => delivery.function === 'render-scene');
    const joining = deliveries.find((delivery) => delivery.function === 'mux-video');
    const frames = Math.min(known.totalFrames, renderedFrames(known, rendering));
    const joined = joining === undefined ? 0 : joining.state === 'done' ? 1 : joining.progress;
    const whole = (1 - JOINING_SHARE) * (frames / known.totalFrames) + JOINING_SHARE * joined;
    const isDone = joined === 1 || run.state === 'completed';
    const stage = isDone
      ? 'done'
      : joining !== undefined
        ? 'joining'
        : rendering.length > 0
          ? 'rendering'
          : 'preparing';
    return {
      ...base,
      stage,
      percent: isDone ? 100 : Math.min(99, Math.floor(whole * 100)),
      frames: { done: frames, total: known.totalFrames },
      ...speedOf({ known, frames, rendering, now: clock.now(), isOpen: run.state === 'running' && !isDone }),
    };
  };
}

function renderedFrames({ scenes }: Timeline, rendering: readonly DeliveryView[]): number {
  const lengths = new Map<string, number>(scenes.map(({ key, frames }) => [key, frames]));
  return rendering.reduce((sum, { key = '', state, progress }) => {
    const done = state === 'done' ? 1 : state === 'leased' ? progress : 0;
    return sum + Math.round(done * (lengths.get(key) ?? 0));
  }, 0);
}

/** From the first frame of the run to the last that is known. */
function speedOf(given: {
  known: Timeline;
  frames: number;
  rendering: readonly DeliveryView[];
  now: Date;
  isOpen: boolean;
}): Pick<VideoProgress, 'speed' | 'remainingSeconds'> {
  const { known, frames, rendering, now, isOpen } = given;
  const began = Math.min(...rendering.flatMap(({ startedAt }) => startedAt?.getTime() ?? []));
  const ends = rendering.map(({ endedAt }) => endedAt?.getTime());
  const over = ends.every((end) => end !== undefined) && frames === known.totalFrames;
  const until = over ? Math.max(...ends.map((end) => end ?? 0)) : now.getTime();
  const seconds = (until - began) / 1_000;
  if (!(seconds > 0) || frames === 0) return {};
  const framesPerSecond = frames / seconds;
  const rounded = (value: number): number => Math.round(value * 100) / 100;
  return {
    speed: { framesPerSecond: rounded(framesPerSecond), realtime: rounded(framesPerSecond / known.fps) },
    ...(isOpen ? { remainingSeconds: Math.ceil((known.totalFrames - frames) / framesPerSecond) } : {}),
  };
}
