import { z } from '@hono/zod-openapi';
import { commentText, postArtifact, postText, postVisibility } from '#shared/posts';
import { picture } from '../pictures/schemas.ts';
import { listLinks } from '../request/keyset.ts';

const exampleUser = '0193b3f0-4d5e-4000-a000-000000000001';
const examplePost = '0193b3f0-4d5e-8000-a000-000000000005';
const exampleComment = '0193b3f0-4d5e-8000-a000-000000000007';
const examplePipeline = '0193b3f0-4d5e-8000-a000-000000000000';
const alice = { id: exampleUser, handle: 'alice', name: 'Alice Liddell' };

const visibility = z.enum(postVisibility.options);

export const postParams = z.object({
  id: z.string().openapi({ format: 'uuid', description: 'Id of a post.', example: examplePost }),
});

export const commentParams = z.object({
  ...postParams.shape,
  comment: z.string().openapi({ format: 'uuid', description: 'Id of a comment.', example: exampleComment }),
});

export const postBody = z
  .strictObject({
    text: z.string().default('').pipe(postText).openapi({
      type: 'string',
      maxLength: 5_000,
      description:
        'Plain text; lines are kept. `@handle` names somebody. May be left out beside what is shown.',
    }),
    visibility: visibility.default('public').openapi({
      description: 'Whatever it says: what a private account posts is for its followers.',
    }),
    pictures: z.array(z.uuid()).max(10).default([]).openapi({
      description: 'Pictures of yours (`POST /media`), in the order in which they are shown.',
    }),
    event: z.uuid().optional().openapi({ description: 'An event that you see.' }),
    artifact: z.strictObject(postArtifact.shape).optional().openapi({
      description:
        'What a finished pipeline of yours made, such as its `video.mp4`: whoever sees the post may read it.',
    }),
  })
  .openapi('PostBody', {
    example: {
      text: 'The rabbit is finished, thanks to @bob.',
      visibility: 'public',
      pictures: [],
    },
  });

export const commentBody = z
  .strictObject({
    text: z.string().pipe(commentText).openapi({
      type: 'string',
      minLength: 1,
      maxLength: 2_000,
      description: 'Plain text; lines are kept.',
    }),
  })
  .openapi('CommentBody', { example: { text: 'What a rabbit!' } });

const named = z.object({ id: z.uuid(), handle: z.string(), name: z.string() });

const artifact = z.object({
  pipeline: z.uuid(),
  name: z.string(),
  part: z.string().optional(),
  type: z.string(),
  bytes: z.int(),
  href: z.string().openapi({ description: 'Signed: good without a token, for an hour or two.' }),
});

export const post = z
  .object({
    id: z.uuid(),
    author: named,
    text: z.string(),
    visibility,
    pictures: z.array(picture),
    event: z.uuid().optional(),
    artifact: artifact.optional().openapi({ description: 'Gone where its pipeline was removed.' }),
    mentions: z.array(named).openapi({ description: 'Of those whom the text names, who see it.' }),
    likes: z.int(),
    comments: z.int(),
    liked: z.boolean().openapi({ description: 'Whether you like it.' }),
    createdAt: z.iso.datetime(),
    editedAt: z.iso.datetime().optional(),
  })
  .openapi('Post', {
    example: {
      id: examplePost,
      author: alice,
      text: 'The rabbit is finished.',
      visibility: 'public',
      pictures: [],
      artifact: {
        pipeline: examplePipeline,
        name: 'video.mp4',
        type: 'video/mp4',
        bytes: 4_812_345,
        href: `/api/pipelines/${examplePipeline}/artifacts/video.mp4?expires=1767326400&signature=abc`,
      },
      mentions: [],
      likes: 12,
      comments: 3,
      liked: false,
      createdAt: '2026-01-02T03:04:05.678Z',
    },
  });

export const postPage = z
  .object({ posts: z.array(post), links: listLinks })
  .openapi('PostPage', { example: { posts: [], links: { self: '/posts' } } });

export const comment = z
  .object({
    id: z.uuid(),
    author: named,
    text: z.string(),
    mentions: z.array(named),
    createdAt: z.iso.datetime(),
  })
  .openapi('Comment', {
    example: {
      id: exampleComment,
      author: alice,
      text: 'What a rabbit!',
      mentions: [],
      createdAt: '2026-01-02T03:04:05.678Z',
    },
  });

export const commentPage = z.object({ comments: z.array(comment), links: listLinks }).openapi('CommentPage', {
  example: { comments: [], links: { self: `/posts/${examplePost}/comments` } },
});

const feedEvent = z.object({
  id: z.uuid(),
  owner: named,
  title: z.string(),
  place: z.string(),
  starts: z.string().openapi({ description: 'A local time of `zone`, or a day.' }),
  ends: z.string(),
  zone: z.string().optional(),
  startsAt: z.iso.datetime().openapi({ description: 'Of the first, where it recurs.' }),
  recurs: z.boolean(),
  status: z.enum(['scheduled', 'cancelled']),
  going: z.int(),
  createdAt: z.iso.datetime(),
});

export const feedPage = z
  .object({
    items: z.array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('post'), post }),
        z.object({ kind: z.literal('event'), event: feedEvent }),
      ]),
    ),
    links: listLinks,
  })
  .openapi('FeedPage', {
    example: {
      items: [
        {
          kind: 'event',
          event: {
            id: '0193b3f0-4d5e-8000-a000-000000000009',
            owner: alice,
            title: 'Tea',
            place: 'The garden',
            starts: '2026-05-04T16:00:00',
            ends: '2026-05-04T18:00:00',
            zone: 'Europe/London',
            startsAt: '2026-05-04T15:00:00.000Z',
            recurs: false,
            status: 'scheduled',
            going: 3,
            createdAt: '2026-01-02T03:04:05.678Z',
          },
        },
      ],
      links: { self: '/feed' },
    },
  });
