import { z } from 'zod';
import { type Channels, kindNames, type NotificationKind, notificationKinds } from './kinds.ts';

export const channels = z.strictObject({
  inApp: z.boolean(),
  email: z.enum(['each', 'digest', 'none']),
  push: z.boolean(),
});

/** Where somebody wants to be told of each kind. */
export type Preferences = Readonly<Record<NotificationKind, Channels>>;

/** A channel that nobody chose, one that is no more, and what cannot be read, are as the defaults are. */
const chosen = channels.partial().catch({});
const kept = z.record(z.string(), z.unknown()).catch({});

/** What stands in the database, filled up with the defaults. */
export function preferencesOf(stored: unknown): Preferences {
  const ofKinds = kept.parse(stored);
  return Object.fromEntries(kindNames.map((kind) => [kind, channelsOf(kind, ofKinds[kind])])) as Preferences;
}

/** Of one kind, from what stands in the database for it. */
export function channelsOf(kind: NotificationKind, stored: unknown): Channels {
  const { defaults } = notificationKinds[kind];
  const { inApp = defaults.inApp, email = defaults.email, push = defaults.push } = chosen.parse(stored ?? {});
  return { inApp, email, push };
}
