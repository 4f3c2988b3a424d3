import { z } from 'zod';
import { defineEvent } from './define-event.ts';

/** What is asked for so that people hear of what happened. Ids alone: names, texts and addresses are looked up. */
export const notificationEvents = {
  'push.requested': defineEvent({
    summary: 'A browser of somebody is to be told of a notification.',
    data: () => z.object({ user: z.uuid(), subscription: z.uuid(), notification: z.uuid() }),
    example: {
      user: '0193b3f0-4d5e-8000-a000-000000000001',
      subscription: '0193b3f0-4d5e-8000-a000-000000000002',
      notification: '0193b3f0-4d5e-8000-a000-000000000003',
    },
  }),
};
