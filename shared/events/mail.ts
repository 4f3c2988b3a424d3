import { z } from 'zod';
import { defineEvent } from './define-event.ts';

/** What is to be mailed. It bears ids alone: addresses, names, words and tokens are looked up by who sends. */
export const mailEvents = {
  'mail.requested': defineEvent({
    summary: 'Somebody is to get a mail.',
    data: () =>
      z.object({
        user: z.uuid(),
        /** As the letters of the platform are called: `reset-password`. */
        template: z.string().regex(/^[a-z][a-z-]{1,49}$/),
        /** What it is about: an id that the template knows. */
        reference: z.uuid(),
      }),
    example: {
      user: '0193b3f0-4d5e-8000-a000-000000000001',
      template: 'verify-email',
      reference: '0193b3f0-4d5e-8000-a000-000000000003',
    },
  }),
};
