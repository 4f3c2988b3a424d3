import { z } from 'zod';
import { type EventType, eventCatalogue } from '#shared/events';
import type { Lasting } from '#shared/realtime';
import { producedBy, type Topology, triggerTypes } from '#shared/topology';
import type { CloseCode } from '../realtime/close-codes.ts';
import { clientChannels } from './client-channels.ts';

/** A document as `/asyncapi.json` answers it. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, AsyncOperation>>;
  readonly components: { readonly messages: Readonly<Record<string, Message>> };
  readonly [more: string]: unknown;
}

export interface Channel {
  readonly address: string;
  readonly description: string;
  readonly messages: Readonly<Record<string, Reference>>;
  readonly bindings?: object;
  /** Of a WebSocket: why the server closes it, and what a client does then. */
  readonly 'x-close-codes'?: readonly CloseCode[];
}

interface Reference {
  readonly $ref: string;
}

export interface Message {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly contentType: string;
  /** CloudEvents attributes; absent in what clients hear and say. */
  readonly headers?: object;
  readonly payload: { readonly [keyword: string]: unknown };
  readonly examples: readonly { readonly payload: unknown }[];
  /** Name of the key that tells its parts apart. */
  readonly 'x-key'?: string;
  /** Its schema's version in the catalogue. No event carries it: all that are open are read by the present schema. */
  readonly 'x-version'?: number;
  /** Of what clients hear: whether it comes again after a lost connection. */
  readonly 'x-lasts'?: Lasting;
}

interface AsyncOperation {
  readonly action: 'send' | 'receive';
  readonly title: string;
  readonly channel: Reference;
  readonly messages: readonly Reference[];
}

/**
 * The AsyncAPI 3.0 document: every event type is a channel, which functions send to and receive from; and so is every
 * door by which clients hear what happens.
 */
export function asyncApiDocument({
  topology,
  version,
}: {
  topology: Topology;
  version: string;
}): AsyncApiDocument {
  const types = Object.keys(eventCatalogue) as EventType[];
  const clients = clientChannels();
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Millrace events',
      version,
      description:
        'What functions tell each other, as CloudEvents 1.0, and what clients hear as it happens. Bytes never travel in events: artifacts are named by their key in the store.',
      ...{ license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' } },
    },
    defaultContentType: 'application/json',
    channels: {
      ...Object.fromEntries(
        types.map((type): [string, Channel] => [
          type,
          {
            address: type,
            description: eventCatalogue[type].summary,
            messages: { [type]: { $ref: `#/components/messages/${type}` } },
          },
        ]),
      ),
      ...clients.channels,
    },
    operations: {
      ...Object.fromEntries([...topology.functions, ...(topology.commands ?? [])].flatMap(operationsOf)),
      ...clients.operations,
    },
    components: {
      messages: {
        ...Object.fromEntries(types.map((type) => [type, messageOf(type, topology)])),
        ...clients.messages,
      },
    },
  };
}

function operationsOf(fn: Topology['functions'][number]): [string, AsyncOperation][] {
  const taken = [...new Set(fn.triggers.flatMap(triggerTypes))];
  const given = [...new Set(producedBy(fn))];
  return [
    ...taken.map((type) => operation('receive', fn.name, type)),
    ...given.map((type) => operation('send', fn.name, type)),
  ];
}

function operation(action: 'send' | 'receive', name: string, type: EventType): [string, AsyncOperation] {
  return [
    `${name}.${action}.${type}`,
    {
      action,
      title: name,
      channel: { $ref: `#/channels/${type}` },
      messages: [{ $ref: `#/channels/${type}/messages/${type}` }],
    },
  ];
}

function messageOf(type: EventType, topology: Topology): Message {
  const definition = eventCatalogue[type];
  const key = 'key' in definition ? definition.key : undefined;
  return {
    name: type,
    title: type,
    summary: definition.summary,
    contentType: 'application/json',
    headers: envelope(type, topology.source, key),
    payload: payloadSchema(type),
    examples: [{ payload: definition.example }],
    ...(key === undefined ? {} : { 'x-key': key }),
    'x-version': 'version' in definition && typeof definition.version === 'number' ? definition.version : 1,
  };
}

/** The payload's JSON Schema, in the draft that AsyncAPI 3.0 takes without being told. */
export function payloadSchema(type: EventType): { readonly [keyword: string]: unknown } {
  const { $schema: _draft, ...schema } = z.toJSONSchema(eventCatalogue[type].data, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
  });
  return schema;
}

/** CloudEvents 1.0 attributes. */
function envelope(type: EventType, source: string, key: string | undefined): object {
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', ...(key === undefined ? [] : ['key'])],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', description: 'Unique with its source.' },
      source: { const: source },
      type: { const: type },
      time: { type: 'string', format: 'date-time' },
      traceparent: { type: 'string', description: 'W3C Trace Context.' },
      ...(key === undefined ? {} : { key: { type: 'string', description: `The ${key} it stands for.` } }),
    },
  };
}
