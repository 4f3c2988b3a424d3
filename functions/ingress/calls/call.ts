import type { z } from '@hono/zod-openapi';
import type { Principal } from '#shared/auth';
import type { ArtifactRef, VideoSettings } from '#shared/events';
import type { NewEvent } from '#shared/ledger';

/** What a call works with while it makes its first events. */
export interface CallTools {
  readonly principal: Principal;
  /** Format, size, voice and language, checked, with the defaults filled in. */
  settings(asked: {
    readonly format?: VideoSettings['format'] | undefined;
    readonly size?: string | undefined;
    readonly seconds?: number | undefined;
    readonly voice?: string | undefined;
    readonly language?: string | undefined;
    readonly title?: string | undefined;
  }): Promise<VideoSettings>;
  /** Stores an input of the run. */
  store(name: string, text: string): Promise<ArtifactRef>;
  /** Copies into the run what a path of this interface names: an artifact or an upload of the caller's. */
  bring(reference: { readonly path: string; readonly field: string }): Promise<ArtifactRef>;
}

/** The first events of a call's run. */
export interface Begun {
  readonly title: string;
  readonly events: readonly [NewEvent, ...NewEvent[]];
  /** Where what was given decides it; left out: the call's own. */
  readonly flow?: string;
}

/**
 * A single call: a run of its own, whose flow in `events.yaml` holds just the functions that it needs, begun with
 * the events that these consume.
 */
export interface Call<Body extends z.ZodType = z.ZodType> {
  /** In `events.yaml`. */
  readonly flow: string;
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly body: Body;
  /** What `result` holds when it is done. */
  readonly result: z.ZodType;
  /** An example of it, and the name of the answer's shape. */
  readonly example: Readonly<Record<string, unknown>>;
  readonly answerName: string;
  begin(body: z.output<Body>, tools: CallTools): Promise<Begun>;
}

/** Declares a call. */
export function defineCall<Body extends z.ZodType>(call: Call<Body>): Call<Body> {
  return call;
}
