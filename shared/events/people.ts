import { z } from 'zod';
import { defineEvent } from './define-event.ts';

const user = z.uuid();
const exampleUser = '0193b3f0-4d5e-8000-a000-000000000001';

/** Facts about people. They name nobody: who a user is stands in one place and can be erased there. */
export const peopleEvents = {
  'user.registered': defineEvent({
    summary: 'Somebody made an account.',
    data: () => z.object({ user }),
    example: { user: exampleUser },
  }),
  'user.updated': defineEvent({
    summary: 'Somebody changed what he is called or says of himself.',
    data: () => z.object({ user }),
    example: { user: exampleUser },
  }),
  'user.email-verified': defineEvent({
    summary: 'Somebody showed that he reads what is mailed to his address, which may be a new one.',
    data: () => z.object({ user }),
    example: { user: exampleUser },
  }),
  'user.password-changed': defineEvent({
    summary: 'Somebody has a new password; his sessions ended, but for the one that he changed it in.',
    data: () => z.object({ user }),
    example: { user: exampleUser },
  }),
  'user.deleted': defineEvent({
    summary: 'Somebody deleted his account; what it made is being erased.',
    data: () => z.object({ user }),
    example: { user: exampleUser },
  }),
  'session.ended': defineEvent({
    summary: 'Somebody signed out, ended a session elsewhere, or showed a refresh token a second time.',
    data: () => z.object({ user, session: z.uuid(), why: z.enum(['logout', 'revoked', 'reuse']) }),
    example: { user: exampleUser, session: '0193b3f0-4d5e-8000-a000-000000000002', why: 'logout' },
  }),
};
