import { z } from 'zod';
import { defineEvent, once } from './define-event.ts';

const about = once(() => z.object({ picture: z.uuid(), user: z.uuid() }));
const example = {
  picture: '0193b3f0-4d5e-8000-a000-000000000020',
  user: '0193b3f0-4d5e-8000-a000-000000000001',
};

/** Facts about people's pictures; where the bytes lie follows from the ids. */
export const pictureEvents = {
  'picture.received': defineEvent({ summary: 'Somebody sent a picture.', data: about, example }),
  'picture.ready': defineEvent({
    summary: 'A picture was cleaned and made in its sizes.',
    data: about,
    example,
  }),
  'picture.refused': defineEvent({
    summary: 'What was sent is no picture, or too large.',
    data: () => about().extend({ code: z.string() }),
    example: { ...example, code: 'picture-unreadable' },
  }),
  'picture.removed': defineEvent({
    summary: 'A picture is gone; its bytes follow.',
    data: about,
    example,
  }),
};
