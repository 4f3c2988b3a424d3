/** A JSON Schema, as far as contracts need it. */
export type Schema = { readonly [keyword: string]: unknown };

/**
 * Who reads what the schema describes. `input`: we do, so all that was accepted must stay accepted. `output`: others
 * do, so all that was promised must stay there. `both`: events, which are kept and read by old and new code.
 */
export type Direction = 'input' | 'output' | 'both';

/** What a change of a schema would break, one line each: where, and what. */
export function compareSchemas(request: {
  readonly before: Schema;
  readonly after: Schema;
  readonly direction: Direction;
  /** Where this is, for the line. */
  readonly at: string;
}): readonly string[] {
  const { before, after, direction, at } = request;
  const isRead = direction !== 'output';
  const isPromised = direction !== 'input';
  return [
    ...types(before, after, { at, isRead, isPromised }),
    ...enumeration(before, after, { at, isRead }),
    ...(isRead ? limits(before, after, at) : []),
    ...alternatives(before, after, { at, direction }),
    ...fields(before, after, { at, direction, isRead, isPromised }),
    ...entries(before, after, { at, direction }),
  ];
}

interface Place {
  readonly at: string;
}

function typesOf({ type, const: fixed }: Schema): readonly string[] {
  if (type !== undefined) return [type].flat().map(String);
  return fixed === undefined ? [] : [fixed === null ? 'null' : typeof fixed];
}

function types(
  before: Schema,
  after: Schema,
  { at, isRead, isPromised }: Place & { isRead: boolean; isPromised: boolean },
): readonly string[] {
  const [old, now] = [typesOf(before), typesOf(after)];
  if (old.length === 0 && now.length === 0) return [];
  const takes = (all: readonly string[], type: string) =>
    all.length === 0 || all.includes(type) || (type === 'integer' && all.includes('number'));
  const lost = old.filter((type) => !takes(now, type));
  const added = now.filter((type) => !takes(old, type));
  return [
    ...(isRead && (lost.length > 0 || (old.length === 0 && now.length > 0))
      ? [`${at}: the type is narrowed from ${named(old)} to ${named(now)}`]
      : []),
    ...(isPromised && (added.length > 0 || (now.length === 0 && old.length > 0))
      ? [`${at}: the type is widened from ${named(old)} to ${named(now)}`]
      : []),
  ];
}

function named(all: readonly string[]): string {
  return all.length === 0 ? 'any' : all.join(' or ');
}

function valuesOf({ enum: values, const: fixed }: Schema): readonly unknown[] | undefined {
  if (Array.isArray(values)) return values;
  return fixed === undefined ? undefined : [fixed];
}

function enumeration(
  before: Schema,
  after: Schema,
  { at, isRead }: Place & { isRead: boolean },
): readonly string[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  if (!isRead || now === undefined) return [];
  if (old === undefined) return [`${at}: only ${now.map(json).join(', ')} are taken now`];
  const gone = old.filter((value) => !now.some((other) => json(other) === json(value)));
  return gone.length === 0 ? [] : [`${at}: the value ${gone.map(json).join(', ')} is gone`];
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

const upper = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const lower = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const exact = ['pattern', 'format', 'multipleOf'];

/** Only where we read: a promise of less is kept by less. */
function limits(before: Schema, after: Schema, at: string): readonly string[] {
  const number = (schema: Schema, word: string, absent: number) =>
    typeof schema[word] === 'number' ? schema[word] : absent;
  return [
    ...upper
      .filter((word) => number(after, word, Infinity) < number(before, word, Infinity))
      .map((word) => `${at}: ${word} is lowered to ${json(after[word])}`),
    ...lower
      .filter((word) => number(after, word, -Infinity) > number(before, word, -Infinity))
      .map((word) => `${at}: ${word} is raised to ${json(after[word])}`),
    ...exact
      .filter((word) => after[word] !== undefined && after[word] !== before[word])
      .map((word) => `${at}: ${word} is ${json(after[word])} now`),
  ];
}

function alternatives(
  before: Schema,
  after: Schema,
  { at, direction }: Place & { direction: Direction },
): readonly string[] {
  const [old, now] = [listOf(before.anyOf ?? before.oneOf), listOf(after.anyOf ?? after.oneOf)];
  if (old.length === 0 && now.length === 0) return [];
  const [olds, nows] = [old.length === 0 ? [before] : old, now.length === 0 ? [after] : now];
  const fits = (one: Schema, other: Schema) =>
    compareSchemas({ before: one, after: other, direction, at }).length === 0;
  const lost = direction === 'output' ? [] : olds.filter((one) => !nows.some((other) => fits(one, other)));
  const added = direction === 'input' ? [] : nows.filter((one) => !olds.some((other) => fits(other, one)));
  return [
    ...lost.map((one) => `${at}: the form ${shown(one)} is no longer taken`),
    ...added.map((one) => `${at}: the form ${shown(one)} is new to who reads it`),
  ];
}

function shown(schema: Schema): string {
  return json(schema).slice(0, 80);
}

function listOf(value: unknown): readonly Schema[] {
  return Array.isArray(value) ? (value as Schema[]) : [];
}

function schemaOf(value: unknown): Schema | undefined {
  return typeof value === 'object' && value !== null ? (value as Schema) : undefined;
}

function fields(
  before: Schema,
  after: Schema,
  {
    at,
    direction,
    isRead,
    isPromised,
  }: Place & { direction: Direction; isRead: boolean; isPromised: boolean },
): readonly string[] {
  const [old, now] = [schemaOf(before.properties) ?? {}, schemaOf(after.properties) ?? {}];
  const [oldMust, nowMust] = [namesOf(before.required), namesOf(after.required)];
  const isClosed = after.additionalProperties === false;
  const place = (name: string) => (at === '' ? name : `${at}.${name}`);
  const removed = Object.keys(old).filter((name) => !Object.hasOwn(now, name));
  const kept = Object.keys(old).filter((name) => Object.hasOwn(now, name));
  return [
    ...removed.filter(() => isPromised || isClosed).map((name) => `${place(name)}: the field is removed`),
    ...(isRead
      ? nowMust
          .filter((name) => !oldMust.includes(name))
          .map((name) => `${place(name)}: the field is required now`)
      : []),
    ...(isPromised
      ? oldMust
          .filter((name) => kept.includes(name) && !nowMust.includes(name))
          .map((name) => `${place(name)}: the field may be missing now`)
      : []),
    ...(isRead && isClosed && before.additionalProperties !== false && before.properties !== undefined
      ? [`${at || 'the whole'}: further fields are refused now`]
      : []),
    ...kept.flatMap((name) =>
      compareSchemas({
        before: schemaOf(old[name]) ?? {},
        after: schemaOf(now[name]) ?? {},
        direction,
        at: place(name),
      }),
    ),
  ];
}

function namesOf(required: unknown): readonly string[] {
  return Array.isArray(required) ? required.map(String) : [];
}

/** Entries of lists, and values of records. */
function entries(
  before: Schema,
  after: Schema,
  { at, direction }: Place & { direction: Direction },
): readonly string[] {
  return (['items', 'additionalProperties'] as const).flatMap((word) => {
    const [old, now] = [schemaOf(before[word]), schemaOf(after[word])];
    if (old === undefined || now === undefined) return [];
    return compareSchemas({ before: old, after: now, direction, at: `${at}[]` });
  });
}
