import { z } from 'zod';
import { defineEvent, once } from './define-event.ts';

const pair = once(() => z.object({ user: z.uuid(), by: z.uuid() }));
const example = {
  user: '0193b3f0-4d5e-8000-a000-000000000001',
  by: '0193b3f0-4d5e-8000-a000-000000000003',
};

/** Facts about who follows whom. `user` is whom it happened to, `by` who did it. */
export const followingEvents = {
  'user.followed': defineEvent({
    summary: 'Somebody follows somebody from now on.',
    data: pair,
    example,
  }),
  'user.unfollowed': defineEvent({
    summary: 'Somebody follows somebody no more: he left, or was removed.',
    data: () => z.object({ ...pair().shape, follower: z.uuid() }),
    example: { ...example, follower: example.by },
  }),
  'user.follow-requested': defineEvent({
    summary: 'Somebody asked to follow a private account.',
    data: pair,
    example,
  }),
  'user.follow-accepted': defineEvent({
    summary: 'A private account let somebody who had asked: `user` follows `by` from now on.',
    data: pair,
    example,
  }),
  'user.blocked': defineEvent({
    summary: 'Somebody keeps somebody away; neither follows the other any more.',
    data: pair,
    example,
  }),
  'user.unblocked': defineEvent({
    summary: 'Somebody keeps somebody away no more.',
    data: pair,
    example,
  }),
};
