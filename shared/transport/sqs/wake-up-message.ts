import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Permanent } from '#shared/errors';

const TYPE = 'millrace.wake-up';
const MAX_CHARACTERS = 4_096;

const message = z.object({
  specversion: z.literal('1.0'),
  type: z.literal(TYPE),
  id: z.string().min(1),
  source: z.string().min(1),
  lane: z.string(),
});

/** A wake-up as a structured CloudEvent (CloudEvents 1.0) without data, addressed to a lane by the extension `lane`. */
export function wakeUpMessage(lane: string): string {
  return JSON.stringify({ specversion: '1.0', type: TYPE, id: randomUUID(), source: 'urn:millrace', lane });
}

/** Reads a message of the queue of `lane`. @throws Permanent `wake-up-unreadable`: why */
export function readWakeUpMessage(body: string, lane: string): void {
  if (body.length > MAX_CHARACTERS) throw unreadable(`it has ${body.length} characters`);
  const parsed = message.safeParse(parse(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unreadable(`${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'wrong'}`);
  }
  if (parsed.data.lane !== lane)
    throw unreadable(`it names the lane ${JSON.stringify(parsed.data.lane.slice(0, 80))}`);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw unreadable('it is no JSON');
  }
}

function unreadable(why: string): Permanent {
  return new Permanent('wake-up-unreadable', `This is no wake-up of this queue's lane: ${why}.`);
}
