import { z } from 'zod';
import { type FrameType, protocol } from '#shared/realtime';
import { type CloseCode, closeCodes } from '../realtime/close-codes.ts';
import { cursor, ticket } from '../realtime/schemas.ts';
import { SOCKET_IO_PATH } from '../realtime/socket-io-door.ts';
import { STREAM_PATH } from '../realtime/stream-route.ts';
import { WEB_SOCKET_PATH } from '../realtime/web-socket-door.ts';
import type { AsyncApiDocument, Channel, Message } from './document.ts';

/** What clients hear, and say, as a part of the AsyncAPI document. */
type ClientPart = Pick<AsyncApiDocument, 'channels' | 'operations'> & {
  readonly messages: Readonly<Record<string, Message>>;
};

interface Door {
  readonly address: string;
  readonly description: string;
  /** What is not told here. */
  readonly without: readonly FrameType[];
  /** Whether a client may send `ping` here. */
  readonly pings: 'taken' | 'none';
  readonly bindings?: object;
  readonly closeCodes?: readonly CloseCode[];
}

const RESUME =
  'Give the `cursor` of what you heard last when you connect again, and you hear what came since, once and in order; what was told is kept for two days, and `reset` says that it is not any more. Leave it out the first time.';
const WHO = 'With an access token, or a ticket from `POST /api/v1/stream/tickets` that is good once.';
const TO_CLIENT: readonly FrameType[] = ['pong', 'error'];
const PING = 'client.ping';

/** The three doors that say the same, each a channel; every frame is in the words of `#shared/realtime`. */
export function clientChannels(): ClientPart {
  const doors = Object.entries(clientDoors());
  return {
    channels: Object.fromEntries(doors.map(([name, door]) => [name, channelOf(door)])),
    operations: Object.fromEntries(doors.flatMap(([name, door]) => operationsOf(name, door))),
    messages: {
      ...Object.fromEntries(frameTypes().map((type) => [keyOf(type), frameMessage(type)])),
      [PING]: pingMessage(),
    },
  };
}

function clientDoors(): Readonly<Record<string, Door>> {
  const query = { type: 'object', properties: { ticket: jsonSchema(ticket), cursor: jsonSchema(cursor) } };
  return {
    webSocket: {
      address: WEB_SOCKET_PATH,
      description: `A WebSocket: each message is one frame as JSON text. ${WHO} ${RESUME} A client may send \`ping\`, at most 50 frames in 10 s and 4 KB each; the server pings every 25 s and cuts who does not answer.`,
      without: ['end'],
      pings: 'taken',
      bindings: { ws: { method: 'GET', query, bindingVersion: '0.1.0' } },
      closeCodes,
    },
    serverSentEvents: {
      address: STREAM_PATH,
      description: `Server-sent events: \`event\` is the frame's type, \`id\` its cursor, \`data\` the frame. ${WHO} ${RESUME} \`Last-Event-ID\` is the cursor here, and goes before the parameter. A comment comes every 15 s.`,
      without: TO_CLIENT,
      pings: 'none',
    },
    socketIo: {
      address: SOCKET_IO_PATH,
      description: `Socket.IO, version 4 of its clients: the event's name is the frame's type, its one argument the frame. The handshake's \`auth\` has \`token\` or \`ticket\`, and \`cursor\`. ${RESUME} A refusal is \`connect_error\` with the problem document in \`data\`.`,
      without: [],
      pings: 'taken',
    },
  };
}

function channelOf({ address, description, without, pings, bindings, closeCodes: codes }: Door): Channel {
  const heard = frameTypes().filter((type) => !without.includes(type));
  return {
    address,
    description,
    messages: Object.fromEntries(
      [...heard.map(keyOf), ...(pings === 'taken' ? [PING] : [])].map((key) => [
        key,
        { $ref: `#/components/messages/${key}` },
      ]),
    ),
    ...(bindings === undefined ? {} : { bindings }),
    ...(codes === undefined ? {} : { 'x-close-codes': codes }),
  };
}

function operationsOf(name: string, door: Door) {
  const { messages } = channelOf(door);
  const operation = (action: 'send' | 'receive', keys: readonly string[]) => ({
    ...{ action, title: action === 'send' ? 'What clients hear' : 'What clients say' },
    channel: { $ref: `#/channels/${name}` },
    messages: keys.map((key) => ({ $ref: `#/channels/${name}/messages/${key}` })),
  });
  const heard = Object.keys(messages).filter((key) => key !== PING);
  return [
    [`${name}.send`, operation('send', heard)] as const,
    ...(door.pings === 'taken' ? [[`${name}.receive`, operation('receive', [PING])] as const] : []),
  ];
}

/** Events have the same words: `message.sent` is also what functions tell each other. */
function keyOf(type: FrameType): string {
  return `client.${type}`;
}

function frameMessage(type: FrameType): Message {
  const { summary, lasts, data, example } = protocol[type];
  const carried = {
    moment: {},
    place: { cursor: '41' },
    kept: { cursor: '42', at: '2026-01-02T03:04:05.678Z' },
  }[lasts];
  const known: Readonly<Record<string, object>> = {
    cursor: { type: 'string', pattern: '^\\d{1,18}$', description: 'Where to go on after it.' },
    at: { type: 'string', format: 'date-time', description: 'When it was told.' },
  };
  const carries = Object.keys(carried);
  return {
    ...{ name: type, title: type, summary, contentType: 'application/json' },
    payload: {
      type: 'object',
      required: ['type', ...carries, 'data'],
      properties: {
        type: { const: type },
        ...Object.fromEntries(carries.map((name) => [name, known[name] ?? {}])),
        data: jsonSchema(data()),
      },
    },
    examples: [{ payload: { type, ...carried, data: example } }],
    'x-lasts': lasts,
  };
}

function pingMessage(): Message {
  return {
    ...{ name: 'ping', title: 'ping', contentType: 'application/json' },
    summary: 'Asks for a `pong`; the one thing that a client has to say.',
    payload: { type: 'object', required: ['type'], properties: { type: { const: 'ping' } } },
    examples: [{ payload: { type: 'ping' } }],
  };
}

function frameTypes(): FrameType[] {
  return Object.keys(protocol) as FrameType[];
}

/** In the draft that AsyncAPI 3.0 takes without being told. */
function jsonSchema(schema: z.ZodType): object {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return rest;
}
