import type { Schema } from './compare-schemas.ts';
import { compareSchemas } from './compare-schemas.ts';

/** The published events: `docs/contracts/events.json`. */
export type EventContracts = Readonly<
  Record<string, { readonly version: number; readonly key?: string; readonly data: Schema }>
>;

/** The published interface: `docs/contracts/api.json`, by `POST /api/pipelines`. */
export type ApiContracts = Readonly<Record<string, OperationContract>>;

export interface OperationContract {
  readonly parameters: Readonly<Record<string, { readonly required: boolean; readonly schema: Schema }>>;
  readonly body?: Schema;
  /** Of other media types. */
  readonly otherBodies?: readonly Schema[];
  /** A request may come without it. */
  readonly bodyMayBeMissing?: true;
  /** Successes alone, by status and media type. */
  readonly answers: Readonly<Record<string, Schema>>;
}

/** What breaks who relies on the events; a higher version may. */
export function compareEvents(before: EventContracts, after: EventContracts): readonly string[] {
  return Object.entries(before).flatMap(([type, old]) => {
    const now = after[type];
    if (now === undefined) return [`event ${type}: is removed`];
    if (now.version < old.version)
      return [`event ${type}: its version goes back from ${old.version} to ${now.version}`];
    if (now.version > old.version) return [];
    const keys =
      old.key === now.key
        ? []
        : [`event ${type}: its key is ${now.key ?? 'gone'} in place of ${old.key ?? 'none'}`];
    const data = compareSchemas({ before: old.data, after: now.data, direction: 'both', at: '' });
    return [
      ...keys,
      ...data.map((line) => `event ${type}: ${line}; raise its version, or leave it as it was`),
    ];
  });
}

/** What breaks clients of the interface. */
export function compareApi(before: ApiContracts, after: ApiContracts): readonly string[] {
  return Object.entries(before).flatMap(([name, old]) => {
    const now = after[name];
    if (now === undefined) return [`${name}: is removed`];
    return [...parameters(old, now), ...body(old, now), ...answers(old, now)].map(
      (line) => `${name}: ${line}`,
    );
  });
}

function parameters(old: OperationContract, now: OperationContract): readonly string[] {
  return [
    ...Object.keys(old.parameters)
      .filter((name) => now.parameters[name] === undefined)
      .map((name) => `the parameter ${name} is removed`),
    ...Object.entries(now.parameters).flatMap(([name, { required, schema }]) => {
      const before = old.parameters[name];
      if (required && before?.required !== true) return [`the parameter ${name} is required now`];
      return before === undefined
        ? []
        : compareSchemas({
            before: before.schema,
            after: schema,
            direction: 'input',
            at: `parameter ${name}`,
          });
    }),
  ];
}

function body(old: OperationContract, now: OperationContract): readonly string[] {
  if (now.body === undefined) return old.body === undefined ? [] : ['the body is no longer taken'];
  const wasAsked = old.body !== undefined && old.bodyMayBeMissing !== true;
  if (!wasAsked && now.bodyMayBeMissing !== true) return ['a body is required now'];
  if (old.body === undefined) return [];
  const taken = [now.body, ...(now.otherBodies ?? [])];
  return [old.body, ...(old.otherBodies ?? [])].flatMap((before) => {
    const broken = taken.map((after) => compareSchemas({ before, after, direction: 'input', at: '' }));
    // One of its forms takes what was taken.
    return broken.some((lines) => lines.length === 0) ? [] : (broken[0] ?? []);
  });
}

function answers(old: OperationContract, now: OperationContract): readonly string[] {
  return Object.entries(old.answers).flatMap(([kind, before]) => {
    const after = now.answers[kind];
    if (after === undefined) return [`the answer ${kind} is removed`];
    return compareSchemas({ before, after, direction: 'output', at: `answer ${kind}` });
  });
}
