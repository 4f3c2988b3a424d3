import { z } from '@hono/zod-openapi';
import type { Principal, UrlSigner } from '#shared/auth';
import type { Inbox, Upload } from '#shared/inbox';
import type { HttpContext } from '../environment.ts';
import { signedLinkQuery } from '../request/signed-link.ts';
import { defineRoute, type Route } from '../route.ts';
import { grantView, pathOf } from './grant-view.ts';
import { asProblem, type Incoming, receiveBody } from './receive.ts';
import { fileName, upload, uploadGrant, uploadId, uploadPart, uploadRequest } from './schemas.ts';

interface UploadOptions {
  readonly inbox: Inbox;
  readonly signer: UrlSigner;
}

const missing = { description: 'It does not exist, has expired, or is not yours.' };
const refused = {
  400: { description: 'Size or checksum are not those that were announced, or a field is wrong.' },
  408: { description: 'The bytes did not arrive in time.' },
  413: { description: 'More bytes than this kind of file may have, or than were announced.' },
  415: { description: 'The bytes are not what the name says.' },
} as const;

/** What an owner does with an upload of his. */
const ofOwner = {
  tag: 'Uploads',
  access: 'token',
  rate: 'counted',
  params: z.object({ upload: uploadId }),
} as const;

/** Bytes come with a token, or with a signed link alone. */
const sending = {
  method: 'put',
  tag: 'Uploads',
  access: 'link',
  rate: 'free',
  query: signedLinkQuery,
} as const;

/** Uploads: open, send, complete; and a video in one request. */
export function uploadRoutes(options: UploadOptions): Route[] {
  return [
    openRoute(options),
    sendRoute(options),
    sendPartRoute(options),
    readRoute(options),
    completeRoute(options),
    abortRoute(options),
    videoRoute(options),
  ];
}

function openRoute({ inbox, signer }: UploadOptions): Route {
  return defineRoute({
    method: 'post',
    path: '/api/v1/uploads',
    operationId: 'openUpload',
    tag: 'Uploads',
    summary: 'Open an upload',
    description:
      'Send the bytes to `url`, or to those of `parts`, then POST to `complete`. Say `bytes`, and large files go in parts that can be sent again one by one. A script (md, json) becomes a video by itself; media waits a week to be named in a call.',
    access: 'token',
    rate: 'counted',
    body: uploadRequest,
    responses: {
      201: {
        description: 'Where to send the bytes.',
        schema: uploadGrant,
        headers: { Location: 'Its state.' },
      },
      409: { description: 'It contradicts the present state.' },
      415: { description: 'Files of this name are not taken, or the body is not JSON in UTF-8.' },
    },
    async handle({ c, principal, body }) {
      const opened = await asProblem(inbox.open({ account: principal.account, ...body }));
      c.header('Location', pathOf(opened.id));
      return c.json(await grantView({ inbox, signer, opened }), 201);
    },
  });
}

function sendRoute({ inbox }: UploadOptions): Route {
  return defineRoute({
    ...sending,
    path: '/api/v1/uploads/{upload}/bytes',
    operationId: 'sendUpload',
    summary: 'Send the bytes of an upload',
    description:
      'Size, checksum and kind are checked as they stream in; nothing is visible before it is completed.',
    params: z.object({ upload: uploadId }),
    responses: {
      ...refused,
      204: { description: 'They are there; complete the upload now.' },
      404: missing,
      409: { description: 'It is complete already.' },
    },
    async handle({ c, principal, params }) {
      const { upload: id } = params;
      return await received({
        inbox,
        c,
        principal,
        id,
        take: (incoming) => inbox.receive({ id, ...incoming }),
      });
    },
  });
}

function sendPartRoute({ inbox }: UploadOptions): Route {
  return defineRoute({
    ...sending,
    path: '/api/v1/uploads/{upload}/parts/{part}',
    operationId: 'sendUploadPart',
    summary: 'Send one part of an upload',
    description: 'Its size is checked as it streams in; sent again it replaces what came before.',
    params: z.object({ upload: uploadId, part: uploadPart }),
    responses: {
      ...refused,
      204: { description: 'It is there.' },
      404: missing,
      409: { description: 'The upload is complete already.' },
    },
    async handle({ c, principal, params }) {
      const { upload: id, part: number } = params;
      const take = (incoming: Incoming): Promise<unknown> => inbox.receivePart({ id, number, ...incoming });
      return await received({ inbox, c, principal, id, take });
    },
  });
}

/** Who comes with a token must own the upload; a link was given out for this one. */
async function received(request: {
  inbox: Inbox;
  c: HttpContext;
  principal: Principal | undefined;
  id: string;
  take: (incoming: Incoming) => Promise<unknown>;
}): Promise<Response> {
  const { inbox, c, principal, id, take } = request;
  if (principal !== undefined) await asProblem(inbox.read({ id, account: principal.account }));
  await receiveBody({ c, take });
  return c.body(null, 204);
}

function readRoute({ inbox, signer }: UploadOptions): Route {
  return defineRoute({
    ...ofOwner,
    method: 'get',
    path: '/api/v1/uploads/{upload}',
    operationId: 'readUpload',
    summary: 'Read an upload',
    description:
      'While it is open, `grant` says what is still missing: an interrupted upload goes on from there.',
    responses: { 200: { description: 'Its state.', schema: upload }, 404: missing },
    async handle({ c, principal, params }) {
      const opened = await asProblem(inbox.read({ id: params.upload, account: principal.account }));
      if (opened.status !== 'open') return c.json(viewOf(opened), 200);
      return c.json({ ...viewOf(opened), grant: await grantView({ inbox, signer, opened }) }, 200);
    },
  });
}

function completeRoute({ inbox }: UploadOptions): Route {
  return defineRoute({
    ...ofOwner,
    method: 'post',
    path: '/api/v1/uploads/{upload}/complete',
    operationId: 'completeUpload',
    summary: 'Complete an upload',
    description: 'Completing twice is the same as once.',
    responses: {
      200: { description: 'It is there.', schema: upload },
      400: refused[400],
      404: missing,
      415: refused[415],
      409: { description: 'No bytes have come yet, or parts are missing.' },
    },
    async handle({ c, principal, params }) {
      const done = await asProblem(inbox.complete({ id: params.upload, account: principal.account }));
      return c.json(viewOf(done.upload, done.run), 200);
    },
  });
}

function abortRoute({ inbox }: UploadOptions): Route {
  return defineRoute({
    ...ofOwner,
    method: 'delete',
    path: '/api/v1/uploads/{upload}',
    operationId: 'abortUpload',
    summary: 'Give up an upload',
    responses: { 204: { description: 'It is gone.' }, 404: missing },
    async handle({ c, principal, params }) {
      await asProblem(inbox.abort({ id: params.upload, account: principal.account }));
      return c.body(null, 204);
    },
  });
}

function videoRoute({ inbox }: UploadOptions): Route {
  return defineRoute({
    method: 'post',
    path: '/api/videos/upload',
    operationId: 'uploadVideo',
    tag: 'Uploads',
    summary: 'Upload a file in one request',
    description: 'The body is the file itself. For large files over doubtful lines open an upload.',
    access: 'token',
    rate: 'counted',
    query: z.strictObject({ name: fileName }),
    responses: {
      ...refused,
      201: { description: 'It is there.', schema: upload, headers: { Location: 'Its state.' } },
      409: { description: 'It contradicts the present state.' },
    },
    async handle({ c, principal, query }) {
      const { account } = principal;
      const { id } = await asProblem(inbox.open({ account, name: query.name }));
      try {
        await receiveBody({ c, take: (incoming) => inbox.receive({ id, ...incoming }) });
      } catch (error) {
        await inbox.abort({ id, account });
        throw error;
      }
      const done = await asProblem(inbox.complete({ id, account }));
      c.header('Location', pathOf(id));
      return c.json(viewOf(done.upload, done.run), 201);
    },
  });
}

function viewOf(
  { id, name, type, status, received, expiresAt }: Upload,
  run?: string,
): z.infer<typeof upload> {
  return {
    id,
    name,
    type,
    status,
    ...received,
    expiresAt,
    links: { self: pathOf(id), ...(run === undefined ? {} : { pipeline: `/api/pipelines/${run}` }) },
  };
}
