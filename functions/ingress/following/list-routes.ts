import type { Following } from '#shared/following';
import { notFound } from '#shared/http';
import { linkHeader, pageQuery } from '../request/keyset.ts';
import { defineRoute, type Route } from '../route.ts';
import { peoplePageOf } from './people-page.ts';
import { peoplePage, userParams } from './schemas.ts';

const page = { description: 'A page, newest first.', schema: peoplePage, headers: linkHeader } as const;

/** Who follows somebody, and whom he follows. */
export function followListRoutes({ following }: { following: Following }): Route[] {
  const list = (kind: 'followers' | 'following', summary: string, operationId: string) =>
    defineRoute({
      method: 'get',
      path: `/users/{id}/${kind}`,
      operationId,
      tag: 'People',
      summary,
      description: 'Those of a private account are shown to whom it let follow it.',
      access: 'token',
      rate: 'counted',
      params: userParams,
      query: pageQuery,
      responses: { 200: page, 404: { description: 'There is nobody of this id whose list you may see.' } },
      async handle({ c, principal, params, query: { limit, cursor: before } }) {
        const found = await following.people(kind, {
          ...{ of: params.id, viewer: principal.account, before, limit: limit + 1 },
        });
        if (found === undefined) throw notFound('user');
        return c.json(peoplePageOf(c, { found, limit }), 200);
      },
    });
  return [
    list('followers', 'List who follows somebody', 'listFollowers'),
    list('following', 'List whom somebody follows', 'listFollowing'),
  ];
}

/** Lists that are one's own alone. */
export function ownListRoutes({ following }: { following: Following }): Route[] {
  const list = (
    kind: 'followers' | 'following' | 'requests' | 'blocks' | 'mutes',
    about: { path: string; summary: string; operationId: string },
  ) =>
    defineRoute({
      method: 'get',
      ...about,
      tag: 'People',
      access: 'token',
      rate: 'counted',
      query: pageQuery,
      responses: { 200: page },
      async handle({ c, principal: { account }, query: { limit, cursor: before } }) {
        const found = await following.own(kind, { account, before, limit: limit + 1 });
        return c.json(peoplePageOf(c, { found, limit }), 200);
      },
    });
  return [
    list('followers', {
      path: '/users/me/followers',
      summary: 'List who follows you',
      operationId: 'listOwnFollowers',
    }),
    list('following', {
      path: '/users/me/following',
      summary: 'List whom you follow',
      operationId: 'listOwnFollowing',
    }),
    list('requests', {
      path: '/users/me/follow-requests',
      summary: 'List who asks to follow you',
      operationId: 'listFollowRequests',
    }),
    list('blocks', {
      path: '/users/me/blocks',
      summary: 'List whom you keep away',
      operationId: 'listBlocks',
    }),
    list('mutes', {
      path: '/users/me/mutes',
      summary: 'List whom you muted',
      operationId: 'listMutes',
    }),
  ];
}
