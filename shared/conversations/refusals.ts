import { Conflict } from '#shared/errors';
import { HttpProblem, notFound } from '#shared/http';

/** Of others, or none at all: it looks the same. */
export const noConversation = (): HttpProblem => notFound('conversation');
export const noMessage = (): HttpProblem => notFound('message');

/** One may see it, but not do this. */
export function forbidden(code: string, detail: string): HttpProblem {
  return new HttpProblem({ status: 403, code, detail });
}

/** Neither learns which of the two it was. */
export function keptApart(): HttpProblem {
  return forbidden('person-blocked', 'One of you has blocked the other: you cannot write to each other.');
}

export function noText(): HttpProblem {
  const message = 'There is nothing in it: send a text, or attach something.';
  const errors = [{ field: 'text', message }];
  return new HttpProblem({ status: 400, code: 'message-empty', detail: message, errors });
}

export function notOfDirect(what: string): Conflict {
  return new Conflict('conversation-direct', `A conversation of two ${what}; make a group for that.`);
}

export function versionChanged(): HttpProblem {
  return new HttpProblem({
    status: 412,
    code: 'version-changed',
    detail: 'It was changed meanwhile: read it again, and send If-Match with its new ETag.',
    errors: [{ field: 'header.if-match', message: 'This is no longer its ETag.' }],
  });
}
