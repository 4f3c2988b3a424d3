import { z } from 'zod';

/** Names accounts that something stands for, with commas between. */
export const HEARD_CHANNEL = 'millrace_heard';
/** Carries what is kept nowhere. */
export const ANNOUNCED_CHANNEL = 'millrace_announced';
/** Names a session that is over. */
export const SESSION_CHANNEL = 'millrace_session';

/** Bytes of a notice: Postgres takes fewer than 8,000. */
const MOST_BYTES = 7_900;
const MOST_DATA_BYTES = 4_096;

const announced = z.object({
  to: z.array(z.string()),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type Announced = z.infer<typeof announced>;

/** As many notices as its hearers need. @throws RangeError data over 4 KB */
export function announcedText({ to, type, data }: { to: readonly string[]; type: string; data: object }) {
  const own = Buffer.byteLength(JSON.stringify({ type, data }));
  if (own > MOST_DATA_BYTES)
    throw new RangeError(`What is announced has ${own} bytes; at most ${MOST_DATA_BYTES} are carried.`);
  // An account in quotes with its comma.
  const room = Math.floor((MOST_BYTES - own - 20) / (Math.max(...to.map((id) => id.length)) + 3));
  return Array.from({ length: Math.ceil(to.length / room) }, (_, page) => ({
    channel: ANNOUNCED_CHANNEL,
    text: JSON.stringify({ to: to.slice(page * room, (page + 1) * room), type, data }),
  }));
}

/** Undefined for what is none of ours: anybody with the database's password may notify. */
export function readAnnounced(text: string): Announced | undefined {
  try {
    return announced.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
