import { z } from 'zod';
import { defineEvent } from './define-event.ts';

const user = z.uuid();
const post = z.uuid();
const comment = z.uuid();
const example = {
  user: '0193b3f0-4d5e-8000-a000-000000000001',
  by: '0193b3f0-4d5e-8000-a000-000000000003',
  post: '0193b3f0-4d5e-8000-a000-000000000005',
};
const exampleComment = '0193b3f0-4d5e-8000-a000-000000000007';
const own = { user: example.user, post: example.post };

/** Facts about posts; what is said in them stands with the posts alone. `user` is whom it concerns. */
export const postEvents = {
  'post.published': defineEvent({
    summary: 'Somebody posted something.',
    data: () => z.object({ user, post }),
    example: own,
  }),
  'post.updated': defineEvent({
    summary: 'Somebody changed what he had posted.',
    data: () => z.object({ user, post }),
    example: own,
  }),
  'post.deleted': defineEvent({
    summary: 'Somebody took back what he had posted, with all that was said to it.',
    data: () => z.object({ user, post }),
    example: own,
  }),
  'post.liked': defineEvent({
    summary: 'Somebody else likes a post of the user’s.',
    data: () => z.object({ user, by: user, post }),
    example,
  }),
  'post.commented': defineEvent({
    summary: 'Somebody said something to a post of the user’s.',
    data: () => z.object({ user, by: user, post, comment }),
    example: { ...example, comment: exampleComment },
  }),
  'user.mentioned': defineEvent({
    summary: 'Somebody named the user in a post, or in a comment to it.',
    data: () => z.object({ user, by: user, post, comment: comment.optional() }),
    example,
  }),
};
