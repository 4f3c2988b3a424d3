import { html } from 'hono/html';
import type { Markup } from '../layout.ts';
import {
  exampleOf,
  type Field,
  fieldsOf,
  kindOf,
  type NamedOperation,
  type OpenApiDocument,
  type Operation,
  type Schema,
  shapeOf,
} from './document-reader.ts';
import { prose } from './prose.ts';

/** One operation: what it takes, what it answers, and an example of both. */
/** Stands in examples where this server's own address belongs. */
export const ORIGIN_MARK = 'http://127.0.0.1:8080';

export function operationCard(
  document: OpenApiDocument,
  { method, path, operation }: NamedOperation,
): Markup {
  const body = contentOf(operation.requestBody);
  const fields = body === undefined ? [] : fieldsOf(document, body.schema);
  const parameters = parametersOf(operation);
  return html`<article class="op" id="${operation.operationId ?? ''}">
  <h3>${operation.summary}</h3>
  <p class="call"><span class="verb ${method}">${method.toUpperCase()}</span><code>${path}</code><span class="lock">${accessOf(operation)}</span></p>
  ${operation.description === undefined ? '' : html`<p>${prose(operation.description)}</p>`}
  ${parameters.length === 0 ? '' : html`<h4>Parameters</h4>${fieldTable(parameters)}`}
  ${fields.length === 0 ? '' : html`<h4>Body</h4>${fieldTable(fields)}`}
  ${answers(operation)}
  ${examples(document, { method, path, operation })}
</article>`;
}

export function fieldTable(fields: readonly Field[]): Markup {
  return html`<table><tbody>${fields.map(
    ({
      name,
      must,
      kind,
      about,
      shape,
    }) => html`<tr><td><code>${name}</code>${must ? html`<span class="must">required</span>` : ''}</td>
    <td><span class="kind">${shape === undefined ? kind : html`<a href="#shape-${shape}">${kind}</a>`}</span>${prose(about)}</td></tr>`,
  )}</tbody></table>`;
}

/** Refusals are the same nearly everywhere: they wait until somebody asks. */
function answers({ responses = {} }: Operation): Markup {
  const [good, refused] = [true, false].map((wanted) =>
    Object.entries(responses).filter(([status]) => Number(status) < 400 === wanted),
  );
  const table = (rows: typeof good = []) => html`<table><tbody>${rows.map(answerRow)}</tbody></table>`;
  return html`<h4>Answers</h4>${table(good)}
  <details><summary>Refusals: ${refused?.map(([status]) => status).join(', ')}</summary>
  ${table(refused)}<p class="kind">Each is a <a href="#shape-Problem">Problem</a> that names the field and the limit.</p></details>`;
}

function answerRow([status, response]: [string, Answer]): Markup {
  const schema = contentOf(response)?.schema;
  const shape = Number(status) >= 400 || schema === undefined ? undefined : shapeOf(schema);
  return html`<tr><td><span class="status ${Number(status) >= 400 ? 'refusal' : ''}">${status}</span></td>
  <td>${shape === undefined ? '' : html`<a class="shape" href="#shape-${shape}">${shape}</a>`}${prose(response.description ?? '')}
  ${Object.entries(response.headers ?? {}).map(([name, about]) => html`<span class="kind"><code>${name}</code> ${prose(about.description ?? '')}</span>`)}</td></tr>`;
}

interface Answer {
  readonly description?: string;
  readonly headers?: Readonly<Record<string, { readonly description?: string }>>;
}

function examples(document: OpenApiDocument, { method, path, operation }: NamedOperation): Markup {
  const body = contentOf(operation.requestBody);
  const sent = body === undefined ? undefined : exampleOf(document, body.schema);
  const success = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith('2'))?.[1];
  const received = receivedOf(document, success);
  return html`<h4>Try it</h4><div class="${received === undefined ? 'one' : 'two'}">
  <div><pre><code>${curl({ method, path, operation, sent })}</code></pre></div>
  ${received === undefined ? '' : html`<div><pre><code>${received}</code></pre></div>`}
</div>`;
}

/** What comes back, as it is read: JSON, or the text of another media type. */
function receivedOf(document: OpenApiDocument, success: unknown): string | undefined {
  const answer = contentOf(success);
  if (answer === undefined) return undefined;
  const example = answer.example ?? exampleOf(document, answer.schema);
  if (example === undefined) return undefined;
  return typeof example === 'string' ? example : JSON.stringify(example, null, 2);
}

function curl({ method, path, operation, sent }: NamedOperation & { sent: unknown }): string {
  const filled = parametersIn(operation, 'path').reduce(
    (url, { name, example }) => url.replace(`{${name}}`, String(example ?? name)),
    path,
  );
  const success = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith('2'))?.[1];
  const type = contentOf(success)?.type;
  const lines = [
    `curl ${flagOf(type)}${method === 'get' || sent !== undefined ? '' : `-X ${method.toUpperCase()} `}${ORIGIN_MARK}${filled}`,
    ...(isOpen(operation) ? [] : ['  -H "Authorization: Bearer $TOKEN"']),
    ...(sent === undefined
      ? []
      : [
          '  -H "Content-Type: application/json"',
          `  -d '${JSON.stringify(sent, null, 2).replaceAll("'", "'\\''")}'`,
        ]),
  ];
  return lines.join(' \\\n');
}

/** A stream is shown as it comes, bytes go into a file. */
function flagOf(type: string | undefined): string {
  switch (type) {
    case 'text/event-stream':
      return '-N ';
    case '*/*':
      return '-O ';
    default:
      return '';
  }
}

function accessOf(operation: Operation): string {
  if (isOpen(operation)) return 'open';
  return operation.security?.some((entry) => 'link' in entry) ? 'token or signed link' : 'token';
}

function isOpen({ security }: Operation): boolean {
  return security?.length === 0;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
  readonly example?: unknown;
}

function parametersIn({ parameters = [] }: Operation, place?: string): Parameter[] {
  return parameters
    .flatMap((parameter) => ('$ref' in parameter ? [] : [parameter as Parameter]))
    .filter((parameter) => place === undefined || parameter.in === place)
    .map((parameter) => ({ ...parameter, example: exampleIn(parameter) }));
}

function exampleIn({ example, schema }: Parameter): unknown {
  return example ?? (schema !== undefined && 'example' in schema ? schema.example : undefined);
}

function parametersOf(operation: Operation): Field[] {
  return parametersIn(operation).map(({ name, in: place, required = false, description, schema }) => ({
    name,
    must: required,
    kind: [place, schema === undefined ? '' : kindOf(schema)].filter((part) => part !== '').join(' · '),
    about: description ?? (schema !== undefined && 'description' in schema ? (schema.description ?? '') : ''),
    shape: schema === undefined ? undefined : shapeOf(schema),
  }));
}

interface Content {
  readonly type: string;
  readonly schema: Schema;
  readonly example: unknown;
}

/** The first kind of body that a request or an answer may have. */
function contentOf(holder: unknown): Content | undefined {
  if (typeof holder !== 'object' || holder === null || !('content' in holder)) return undefined;
  const content = holder.content as Readonly<Record<string, { schema?: Schema; example?: unknown }>>;
  const [type, { schema, example } = {}] = Object.entries(content)[0] ?? [];
  return type === undefined || schema === undefined ? undefined : { type, schema, example };
}
