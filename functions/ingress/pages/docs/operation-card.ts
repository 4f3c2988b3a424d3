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
} from './document-reader.ts';

/** One operation: what it takes, what it answers, and an example of both. */
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
  ${operation.description === undefined ? '' : html`<p>${operation.description}</p>`}
  ${parameters.length === 0 ? '' : html`<h4>Parameters</h4>${fieldTable(parameters)}`}
  ${fields.length === 0 ? '' : html`<h4>Body</h4>${fieldTable(fields)}`}
  <h4>Answers</h4><table><tbody>${Object.entries(operation.responses ?? {}).map(answerRow)}</tbody></table>
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
    }) => html`<tr><td><code>${name}</code>${must ? html`<span class="must">required</span>` : ''}</td>
    <td><span class="kind">${kind}</span>${about}</td></tr>`,
  )}</tbody></table>`;
}

function answerRow([status, response]: [string, { description?: string }]): Markup {
  return html`<tr><td><span class="status ${Number(status) >= 400 ? 'refusal' : ''}">${status}</span></td><td>${response.description ?? ''}</td></tr>`;
}

function examples(document: OpenApiDocument, { method, path, operation }: NamedOperation): Markup {
  const body = contentOf(operation.requestBody);
  const sent = body === undefined ? undefined : exampleOf(document, body.schema);
  const success = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith('2'))?.[1];
  const answer = contentOf(success);
  const received = answer === undefined ? undefined : exampleOf(document, answer.schema);
  return html`<h4>Example</h4><div class="${received === undefined ? 'one' : 'two'}">
  <div><pre><code>${curl({ method, path, operation, sent })}</code></pre></div>
  ${received === undefined ? '' : html`<div><pre><code>${JSON.stringify(received, null, 2)}</code></pre></div>`}
</div>`;
}

function curl({ method, path, operation, sent }: NamedOperation & { sent: unknown }): string {
  const filled = parametersIn(operation, 'path').reduce(
    (url, { name, example }) => url.replace(`{${name}}`, String(example ?? name)),
    path,
  );
  const lines = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}http://127.0.0.1:8080${filled}`,
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
  }));
}

function contentOf(holder: unknown): { schema: Schema } | undefined {
  if (typeof holder !== 'object' || holder === null || !('content' in holder)) return undefined;
  const content = holder.content as Readonly<Record<string, { schema?: Schema }>>;
  const schema = content['application/json']?.schema;
  return schema === undefined ? undefined : { schema };
}
