import { z } from 'zod';
import { type EventType, eventCatalogue } from '#shared/events';
import { createLog } from '#shared/telemetry';
import { readTopology } from '#shared/topology';
import { createIngress, type IngressOptions } from '../../../functions/ingress/index.ts';
import { inProject } from '../project.ts';
import type { Schema } from './compare-schemas.ts';
import type { ApiContracts, EventContracts, OperationContract } from './contracts.ts';

/** The events as the catalogue has them now. */
export function presentEvents(): EventContracts {
  return Object.fromEntries(
    (Object.keys(eventCatalogue) as EventType[]).sort().map((type) => {
      const {
        version = 1,
        key,
        data,
      }: { version?: number; key?: string; data: z.ZodType } = eventCatalogue[type];
      const { $schema: _draft, ...schema } = z.toJSONSchema(data, { io: 'input', unrepresentable: 'any' });
      return [type, { version, ...(key === undefined ? {} : { key }), data: withoutWords(schema) }];
    }),
  );
}

/** The interface as the front door's document has it now. */
export async function presentApi(): Promise<ApiContracts> {
  const log = createLog({ service: 'contracts', destination: { write: () => undefined } });
  const topology = readTopology({ path: inProject('events.yaml') });
  const ingress = createIngress({
    ...unusedPorts,
    topology,
    log,
    clock: { now: () => new Date(0) },
    limits: { ratePerMinute: 0, trustProxy: false },
    version: '0',
  });
  const answer = await ingress.fetch(new Request('http://contracts/openapi.json'), {});
  ingress.drain();
  return contractsOf((await answer.json()) as Document);
}

/** What routes depend on stands here, so that each that may stand is kept; whoever adds a part decides it here. */
const makesRoutes: Readonly<
  Record<Exclude<keyof IngressOptions, 'topology' | 'log' | 'clock' | 'limits' | 'version'>, boolean>
> = {
  ...{ ledger: true, artifacts: true, auth: true, signer: true, speech: true, operations: true },
  ...{ inbox: true, inboxBucket: true, erase: true, people: true, pushKey: true, realtime: true },
  ...{ metrics: false, tracing: false, checks: false, voices: false, languages: false },
  ...{ publicUrl: false, appUrl: false, allowedOrigins: false, watchMs: false },
};

const nothing: object = Object.freeze({});

/** Routes are only described here: nothing behind them is ever asked. Who hears people is watched from the start. */
const unusedPorts = new Proxy({} as IngressOptions, {
  ownKeys: () => Object.entries(makesRoutes).flatMap(([name, isMade]) => (isMade ? [name] : [])),
  getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  get: (_, name) =>
    name === 'realtime'
      ? { realtime: { watch() {}, accounts: () => [], drain() {} }, tickets: nothing, moving: nothing }
      : nothing,
});

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema?: Schema }[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema?: Schema }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>
  >;
}

function contractsOf({ paths, components }: Document): ApiContracts {
  const whole = (schema: Schema = {}): Schema => withoutWords(inlined(schema, components?.schemas ?? {}, []));
  const all = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, OperationContract] => {
      const [body, ...others] = bodiesOf(operation);
      return [
        `${method.toUpperCase()} ${path}`,
        {
          parameters: Object.fromEntries(
            (operation.parameters ?? []).map(({ name, in: place, required = false, schema }) => [
              `${place} ${name}`,
              { required, schema: whole(schema) },
            ]),
          ),
          ...(body === undefined ? {} : { body: whole(body) }),
          ...(others.length === 0 ? {} : { otherBodies: others.map(whole) }),
          ...(body === undefined || operation.requestBody?.required === true
            ? {}
            : { bodyMayBeMissing: true }),
          answers: Object.fromEntries(
            Object.entries(operation.responses)
              .filter(([status]) => status.startsWith('2'))
              .flatMap(([status, { content = {} }]) =>
                Object.keys(content).length === 0
                  ? [[status, {}]]
                  : Object.entries(content).map(([type, { schema }]) => [`${status} ${type}`, whole(schema)]),
              ),
          ),
        },
      ];
    }),
  );
  return Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What a request's body may be: of several media types each has a form, the same one once. */
function bodiesOf({ requestBody }: Operation): readonly Schema[] {
  const forms = Object.values(requestBody?.content ?? {}).map(({ schema = {} }) => schema);
  return [...new Map(forms.map((form) => [JSON.stringify(form), form])).values()];
}

/** A schema with its references filled in; one that refers to itself keeps the reference. */
function inlined(schema: Schema, named: Readonly<Record<string, Schema>>, trail: readonly string[]): Schema {
  const { $ref } = schema;
  if (typeof $ref === 'string') {
    const name = $ref.replace('#/components/schemas/', '');
    const target = named[name];
    if (target === undefined || trail.includes(name)) return schema;
    return inlined(target, named, [...trail, name]);
  }
  return Object.fromEntries(
    Object.entries(schema).map(([word, value]) => [
      word,
      mapped(value, (inner) => inlined(inner, named, trail)),
    ]),
  );
}

const words = ['description', 'example', 'examples', 'title', 'default', '$schema'];

/** What is for people alone is no contract. A field may be called "title": its value is then a schema. */
function withoutWords(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([word, value]) => !words.includes(word) || (word !== 'example' && isSchema(value)))
      .map(([word, value]) => [word, mapped(value, withoutWords)]),
  );
}

function isSchema(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    ('type' in value || 'anyOf' in value)
  );
}

function mapped(value: unknown, change: (schema: Schema) => Schema): unknown {
  if (Array.isArray(value)) return value.map((entry) => mapped(entry, change));
  return typeof value === 'object' && value !== null ? change(value as Schema) : value;
}
