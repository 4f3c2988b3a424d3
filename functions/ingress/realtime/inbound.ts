import { z } from 'zod';
import type { Clock } from '#shared/function';
import type { FrameBody } from '#shared/realtime';

const WINDOW_MS = 10_000;
const FRAMES_A_WINDOW = 50;

const frame = z.object({ type: z.string() });

/** What a client's frame is answered with; undefined where it is no JSON object with a type. */
export function answerTo(text: string): FrameBody | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = frame.safeParse(value);
  return parsed.success ? answerOf(parsed.data.type) : undefined;
}

/** The one thing that a client has to say here: all else it asks for by requests. */
export function answerOf(type: string): FrameBody {
  if (type === 'ping') return { type: 'pong', data: {} };
  const detail = `There is no frame ${JSON.stringify(type.slice(0, 50))}; a client sends "ping" alone.`;
  return { type: 'error', data: { code: 'frame-unknown', detail } };
}

/** Says whether one more frame of a client is taken now. */
export function createFrameLimit(clock: Clock): { take(): boolean } {
  let began = 0;
  let taken = 0;
  return {
    take() {
      const now = clock.now().getTime();
      if (now - began >= WINDOW_MS) [began, taken] = [now, 0];
      taken += 1;
      return taken <= FRAMES_A_WINDOW;
    },
  };
}
