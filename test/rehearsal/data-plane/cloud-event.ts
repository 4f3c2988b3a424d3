import type { IncomingHttpHeaders } from 'node:http';

/** An event as the data plane hands it on: in the mode in which it came. */
export type CloudEvent = {
  /** `id`, `source`, `type`, `specversion` and all others, by name. */
  readonly attributes: Readonly<Record<string, string>>;
} & (
  | { readonly mode: 'binary'; readonly data: Buffer }
  /** The members `data` and `data_base64`, as they came. */
  | { readonly mode: 'structured'; readonly content: Readonly<Record<string, unknown>> }
);

export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const STRUCTURED = 'application/cloudevents+json';
const REQUIRED = ['specversion', 'id', 'source', 'type'];
/** CloudEvents 1.0, "Attribute naming convention": lower-case letters and digits. */
const NAME = /^[a-z0-9]+$/;

/** The event in a message; undefined where it holds none, or a batch, or one that lacks something. */
export function readEvent(
  headers: IncomingHttpHeaders | Message['headers'],
  body: Buffer,
): CloudEvent | undefined {
  const type = String(headers['content-type'] ?? '');
  const event = type.startsWith(STRUCTURED) ? structured(body) : binary(headers, body, type);
  const isWhole =
    event !== undefined &&
    REQUIRED.every((name) => event.attributes[name] !== undefined && event.attributes[name] !== '') &&
    Object.keys(event.attributes).every((name) => NAME.test(name));
  return isWhole ? event : undefined;
}

function binary(
  headers: IncomingHttpHeaders | Message['headers'],
  body: Buffer,
  type: string,
): CloudEvent | undefined {
  if (type.startsWith('application/cloudevents')) return undefined;
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith('ce-')) attributes[name.slice(3)] = String(value);
  if (type !== '') attributes.datacontenttype = type;
  return { mode: 'binary', attributes, data: body };
}

function structured(body: Buffer): CloudEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { data, data_base64, ...rest } = value as Record<string, unknown>;
  const attributes = Object.fromEntries(Object.entries(rest).map(([name, each]) => [name, String(each)]));
  // Data of a type that is not said cannot be handed on (measured).
  if (data !== undefined && attributes.datacontenttype === undefined) return undefined;
  // What is undefined is not written.
  return { mode: 'structured', attributes, content: { data, data_base64 } };
}

/** The message that carries an event in its own mode. */
export function writeEvent(event: CloudEvent): Message {
  if (event.mode === 'structured')
    return { headers: { 'content-type': STRUCTURED }, body: structuredBytes(event) };
  const headers = Object.fromEntries(
    Object.entries(event.attributes).map(([name, value]) => [
      name === 'datacontenttype' ? 'content-type' : `ce-${name}`,
      value,
    ]),
  );
  return { headers, body: event.data };
}

/** An event as JSON. Binary data that is no JSON is taken for text, whatever becomes of it (measured: it is mangled). */
export function structuredBytes(event: CloudEvent): Buffer {
  const { attributes } = event;
  if (event.mode === 'structured') return Buffer.from(JSON.stringify({ ...attributes, ...event.content }));
  if (event.data.length === 0) return Buffer.from(JSON.stringify(attributes));
  const text = event.data.toString('utf8');
  const isJson = /[/+]json\b/.test(attributes.datacontenttype ?? 'application/json');
  return Buffer.from(JSON.stringify({ ...attributes, data: isJson ? JSON.parse(text) : text }));
}
