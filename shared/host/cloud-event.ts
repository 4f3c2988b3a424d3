import { HttpProblem } from '#shared/http';

/** A CloudEvent (specification 1.0.2) as it came in; attributes by their lower-case names. */
export interface IncomingEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string | undefined;
  /** All attributes, extensions too. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined where the event has no data. */
  readonly data: unknown;
}

/** By lower-case name. */
type IncomingHeaders = Readonly<Record<string, string>>;

export const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const ATTRIBUTE_NAME = /^[a-z0-9]{1,40}$/;
/** Characters of one attribute. */
const MAX_ATTRIBUTE = 1_000;

/**
 * Reads a CloudEvent in binary or structured mode. An event without an id is refused: any that we made up would defeat
 * the recognition of duplicates.
 *
 * @throws HttpProblem 400 `not-a-cloudevent`, `event-invalid`; 415 `batch-unsupported`, `content-type-unsupported`
 */
export function readCloudEvent(request: {
  headers: IncomingHeaders;
  body: Uint8Array;
  /** Characters that one attribute may have; 1,000 where not given. */
  maxAttribute?: number;
}): IncomingEvent {
  const { headers, body, maxAttribute = MAX_ATTRIBUTE } = request;
  const [mediaType = '', ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (parameters.some((parameter) => /^charset=(?!"?utf-?8"?$)/.test(parameter)))
    throw refused(415, 'content-type-unsupported', 'Send JSON in UTF-8.');
  if (mediaType === BATCH)
    throw refused(415, 'batch-unsupported', 'Send one CloudEvent a request; batches are not taken.');
  if (mediaType === STRUCTURED) return structured(parsed(body), maxAttribute);
  if (Object.keys(headers).some((name) => name.startsWith('ce-')))
    return event(...binary(headers, mediaType, body), maxAttribute);
  throw refused(400, 'not-a-cloudevent', 'Send a CloudEvent in binary or structured mode.');
}

/** A CloudEvent in structured mode, parsed: of a request, or of a Job's file. @throws HttpProblem 400 `event-invalid` */
export function structured(value: unknown, maxAttribute = MAX_ATTRIBUTE): IncomingEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('A structured CloudEvent is one JSON object.');
  const { data, data_base64: encoded, ...rest } = value as Record<string, unknown>;
  const attributes: Record<string, string> = {};
  for (const [name, attribute] of Object.entries(rest)) {
    if (attribute === null) continue;
    if (typeof attribute === 'object') throw invalid(`The attribute "${shown(name)}" is not a simple value.`);
    attributes[name] = String(attribute);
  }
  const isJson = isJsonType(attributes.datacontenttype);
  if (encoded !== undefined) {
    if (typeof encoded !== 'string' || !isJson) throw invalid('Data must be JSON.');
    return event(attributes, parsed(Buffer.from(encoded, 'base64')), maxAttribute);
  }
  if (data !== undefined && !isJson) throw invalid('Data must be JSON.');
  return event(attributes, data, maxAttribute);
}

function binary(
  headers: IncomingHeaders,
  mediaType: string,
  body: Uint8Array,
): [attributes: Record<string, string>, data: unknown] {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith('ce-')) attributes[name.slice(3)] = decoded(name, value);
  if (body.byteLength === 0) return [attributes, undefined];
  if (!isJsonType(mediaType))
    throw refused(415, 'content-type-unsupported', 'Data must be application/json.');
  return [attributes, parsed(body)];
}

function event(attributes: Record<string, string>, data: unknown, maxAttribute: number): IncomingEvent {
  if (attributes.specversion !== '1.0') throw invalid('The attribute "specversion" must be 1.0.');
  for (const [name, value] of Object.entries(attributes)) {
    if (!ATTRIBUTE_NAME.test(name))
      throw invalid(`"${shown(name)}" is no name of an attribute: a to z and digits only.`);
    if (value.length > maxAttribute)
      throw invalid(`The attribute "${name}" has more than ${maxAttribute} characters.`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the specification forbids exactly these
    if (/[\u0000-\u001f\u007f-\u009f]/.test(value) || !value.isWellFormed())
      throw invalid(`The attribute "${name}" has characters that none may have.`);
  }
  const { id = '', source = '', type = '', subject } = attributes;
  for (const [name, value] of Object.entries({ id, source, type }))
    if (value === '') throw invalid(`The attribute "${name}" is missing or empty.`);
  return { id, source, type, subject, attributes, data };
}

/** Header values are ASCII, the rest percent-encoded (HTTP binding, 3.1.3.2); raw bytes would be misread. */
function decoded(name: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: whatever is not ASCII
  if (/[^\u0000-\u007f]/.test(value))
    throw invalid(`The header "${name}" is not ASCII: percent-encode it, or use structured mode.`);
  try {
    return decodeURIComponent(value.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    throw invalid(`The header "${name}" is not UTF-8 once its percent signs are decoded.`);
  }
}

function isJsonType(mediaType: string | undefined): boolean {
  return (
    mediaType === undefined || mediaType === '' || /^application\/(json|[a-z0-9.-]+\+json)\b/i.test(mediaType)
  );
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw invalid('The data is not JSON in UTF-8.');
  }
}

function shown(name: string): string {
  return name.slice(0, 40);
}

function invalid(detail: string): HttpProblem {
  return refused(400, 'event-invalid', detail);
}

function refused(status: number, code: string, detail: string): HttpProblem {
  return new HttpProblem({ status, code, detail });
}
