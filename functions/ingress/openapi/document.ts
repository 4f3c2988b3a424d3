import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HonoEnv } from '../environment.ts';

/** The OpenAPI 3.1 document of all mounted routes, made once. */
export function createDocument({
  app,
  version,
}: {
  app: OpenAPIHono<HonoEnv>;
  version: string;
}): () => ReturnType<OpenAPIHono['getOpenAPI31Document']> {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'A token (EdDSA): the `accessToken` that `POST /auth/login` answers, good for 15 minutes, or of `npx millrace token --owner alice`, which has no account of a person.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'link', {
    type: 'apiKey',
    in: 'query',
    name: 'signature',
    description:
      'A signed link, as `signedHref` and `links.video` give it: good for one path until it expires.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'ticket', {
    type: 'apiKey',
    in: 'query',
    name: 'ticket',
    description: 'Of `POST /api/v1/stream/tickets`: opens one stream, once, within 30 s.',
  });
  let made: ReturnType<OpenAPIHono['getOpenAPI31Document']> | undefined;
  return () => {
    made ??= app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Millrace',
        version,
        description:
          'Two halves under one roof. People: accounts, following, events, calendars, posts, conversations, and all of it as it happens. Making: a topic or a text goes in, a narrated video comes out. Every refusal is a problem document (RFC 9457): `code` is for programs, and `errors` names each wrong field with its limit. Lists come in pages: follow `links.next`.',
        license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      },
      servers: [{ url: '/' }],
      security: [{ bearer: [] }],
      tags: [
        { name: 'People', description: 'Accounts, and where they are signed in.' },
        { name: 'Posts', description: 'What people post, like and say to it, and the feed.' },
        {
          name: 'Events',
          description: 'What people meet for: when it recurs, who comes, who waits for a place.',
        },
        { name: 'Pictures', description: 'Sent once, cleaned, and shown in a few sizes by signed links.' },
        { name: 'Calendars', description: 'Calendars that come from outside, and yours for other programs.' },
        { name: 'Conversations', description: 'What people say to each other, by two and in groups.' },
        { name: 'Notifications', description: 'What you are told of, and where.' },
        { name: 'Pipelines', description: 'Make videos, follow them, read what they made.' },
        {
          name: 'Calls',
          description:
            'One function alone: keywords, a script, speech, a thumbnail, metadata, a video of given parts.',
        },
        { name: 'Uploads', description: 'Send files, to be used in calls or to become videos.' },
        { name: 'Operations', description: 'Why things are where they are, and what mends them.' },
        { name: 'Orchestrator', description: 'Start, look at and retry, step by step.' },
        { name: 'Realtime', description: 'What happens, as it happens.' },
        { name: 'Platform', description: 'Is it alive, can it work, how is it doing.' },
        { name: 'Documents', description: 'This interface, for programs.' },
      ],
    });
    return made;
  };
}
