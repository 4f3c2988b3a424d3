import { setTimeout as sleep } from 'node:timers/promises';
import { Transient } from '#shared/errors';
import type { PipelineApi } from './api.ts';
import { applyChange, isSettled, type PipelineView } from './pipeline-view.ts';

/** A lost connection is taken up this often without a message in between. */
const TRIES = 10;
const PAUSE_MS = 1_000;

/**
 * Follows one pipeline to its end. A stream that breaks is opened again, on another platform if need be
 * (the one it ran on may have stopped: its work goes on wherever the data folder is worked on next).
 *
 * @throws Transient `platform-unreachable` after ten tries; AbortError
 */
export async function followPipeline(request: {
  id: string;
  signal: AbortSignal;
  /** The interface to ask; called anew after a connection was lost. */
  reach: () => Promise<PipelineApi>;
  show: (view: PipelineView) => void;
}): Promise<PipelineView> {
  const { id, signal, reach, show } = request;
  let view: PipelineView | undefined;
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries > 0) await sleep(PAUSE_MS, undefined, { signal });
    try {
      const api = await reach();
      for await (const change of api.changes({ id, signal })) {
        tries = 0;
        view = applyChange(view, change);
        if (view !== undefined) show(view);
        if (view !== undefined && isSettled(view)) break;
      }
      view = await api.read(id);
      show(view);
      if (isSettled(view)) return view;
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
    }
  }
  throw new Transient('platform-unreachable', `The platform was lost on the way; pipeline ${id} is kept.`);
}

/** fetch reports a broken body as a TypeError (`terminated`). */
function isPassing(error: unknown): boolean {
  return error instanceof Transient || error instanceof TypeError;
}
