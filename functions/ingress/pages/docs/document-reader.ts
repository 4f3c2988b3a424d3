import type { OpenAPIHono } from '@hono/zod-openapi';

export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

type Paths = NonNullable<OpenApiDocument['paths']>;
export type Operation = NonNullable<Paths[string]['get']>;
type Components = NonNullable<OpenApiDocument['components']>;
/** A schema, or a reference to one. */
export type Schema = NonNullable<Components['schemas']>[string];
type Plain = Exclude<Schema, { $ref: string }>;

export interface NamedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** One field of an object, for a table. */
export interface Field {
  readonly name: string;
  readonly must: boolean;
  /** `text, 3 to 200 characters`. */
  readonly kind: string;
  readonly about: string;
  /** The named shape that it has, or a list of it has. */
  readonly shape: string | undefined;
}

const methods = ['post', 'get', 'put', 'delete'] as const;

export function operationsOf(document: OpenApiDocument): NamedOperation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
}

/** The schema that a reference stands for. */
export function resolve(document: OpenApiDocument, schema: Schema): Plain {
  if (!('$ref' in schema) || schema.$ref === undefined) return schema as Plain;
  const target = document.components?.schemas?.[schemaName(schema.$ref)];
  return target === undefined ? {} : resolve(document, target);
}

export function schemaName(reference: string): string {
  return reference.replace('#/components/schemas/', '');
}

export function fieldsOf(document: OpenApiDocument, schema: Schema): Field[] {
  const { properties = {}, required = [] } = resolve(document, schema);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    must: required.includes(name),
    kind: kindOf(property),
    about: resolve(document, property).description ?? '',
    shape: shapeOf(property),
  }));
}

/** The name of the shape that a schema refers to, itself or as the entries of a list. */
export function shapeOf(schema: Schema): string | undefined {
  if ('$ref' in schema && schema.$ref !== undefined) return schemaName(schema.$ref);
  const { items } = schema as Plain;
  return items === undefined ? undefined : shapeOf(items);
}

/** The type and its limits, in words. */
export function kindOf(schema: Schema): string {
  if ('$ref' in schema && schema.$ref !== undefined) return schemaName(schema.$ref);
  const plain = schema as Plain;
  const union = plain.anyOf ?? plain.oneOf;
  if (union !== undefined) return [...new Set(union.map(kindOf))].join(' or ');
  if (plain.enum !== undefined) return plain.enum.map(String).join(' | ');
  const types = [plain.type ?? 'any'].flat();
  const names = types.map((type) =>
    type === 'array' && plain.items ? `list of ${kindOf(plain.items)}` : nameOf(type, plain),
  );
  return [names.join(' or '), limitsOf(plain)].filter((part) => part !== '').join(', ');
}

function nameOf(type: string, { format, properties = {} }: Plain): string {
  if (type === 'string' && format === 'date-time') return 'time (RFC 3339)';
  const fields = Object.keys(properties).join(', ');
  if (type === 'object' && fields !== '') return `object of ${fields}`;
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    integer: 'whole number',
    boolean: 'true or false',
  };
  return names[type] ?? type;
}

function limitsOf({ minLength, maxLength, minimum, maximum }: Plain): string {
  if (maxLength !== undefined) return `${minLength ?? 0} to ${maxLength} characters`;
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) return `${minimum ?? 0} to ${maximum}`;
  return '';
}

/** What a value of the schema looks like, where the schema says it. */
export function exampleOf(document: OpenApiDocument, schema: Schema): unknown {
  const { example, enum: words } = resolve(document, schema);
  return example ?? words?.[0];
}
