/** One thing that is told, as every door sends it. */
export interface FrameBody {
  readonly type: string;
  /** Where to go on after it; absent in what is kept nowhere. */
  readonly cursor?: string;
  /** When it was told. */
  readonly at?: string;
  readonly data: object;
}

/** Made once for all who hear it. */
export interface Frame {
  readonly body: FrameBody;
  /** As JSON, of one line. */
  readonly text: string;
}

export function frameOf(body: FrameBody): Frame {
  return { body, text: JSON.stringify(body) };
}

/** The first one: from here on nothing is missed. */
export function helloFrame(cursor: bigint): Frame {
  return frameOf({ type: 'hello', cursor: String(cursor), data: {} });
}

/** What lies between is not kept any more: read anew what you show. */
export function resetFrame(cursor: bigint): Frame {
  return frameOf({ type: 'reset', cursor: String(cursor), data: {} });
}

/** The position of a cursor that a client gives back; undefined for what is none of ours. */
export function positionOf(cursor: string): bigint | undefined {
  return /^\d{1,18}$/.test(cursor) ? BigInt(cursor) : undefined;
}
