import type { z } from 'zod';

/**
 * How long a frame is true, which decides what it carries:
 * - `kept`: for two days, with `cursor` and `at`; it comes once and in order
 * - `place`: with the `cursor` that it speaks of
 * - `moment`: now alone, with neither
 */
export type Lasting = 'kept' | 'place' | 'moment';

/** One type of frame: its data's schema and a real example. */
export interface FrameDefinition<Lasts extends Lasting, Data extends z.ZodType = z.ZodType> {
  /** One sentence, for the AsyncAPI document. */
  readonly summary: string;
  readonly lasts: Lasts;
  /** Made when it is asked for: a process that tells needs no schema. */
  readonly data: () => Data;
  readonly example: z.input<Data>;
}

/** Declares types of frames that last equally. */
export function framesThatLast<const Lasts extends Lasting>(lasts: Lasts) {
  return <Data extends z.ZodType>(
    frame: Omit<FrameDefinition<Lasts, Data>, 'lasts'>,
  ): FrameDefinition<Lasts, Data> => ({ ...frame, lasts });
}
