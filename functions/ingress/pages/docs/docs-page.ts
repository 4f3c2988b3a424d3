import { html } from 'hono/html';
import { layout, type Markup } from '../layout.ts';
import { fieldsOf, type NamedOperation, type OpenApiDocument, operationsOf } from './document-reader.ts';
import { fieldTable, operationCard } from './operation-card.ts';

export function docsPage(document: OpenApiDocument): Markup {
  const groups = Map.groupBy(operationsOf(document), ({ operation }) => operation.tags?.[0] ?? '');
  const schemas = Object.entries(document.components?.schemas ?? {});
  return layout({
    title: 'API · Millrace',
    here: 'docs',
    body: html`<div class="sheet">
<nav class="toc" aria-label="Contents">
  ${[...groups].map(([tag, operations]) => html`<h2>${tag}</h2>${operations.map(tocEntry)}`)}
  <h2>Shapes</h2>
  ${schemas.map(([name]) => html`<a href="#shape-${name}">${name}</a>`)}
</nav>
<main>
  <h1>${document.info.title} ${document.info.version}</h1>
  <p class="intro">${document.info.description}</p>
  ${beginning()}
  ${[...groups].map(([tag, operations]) => section(document, tag, operations))}
  <section><h2 id="shapes">Shapes</h2>
  ${schemas.map(
    ([name, schema]) => html`<article class="op" id="shape-${name}"><h3>${name}</h3>
    ${'description' in schema ? html`<p>${schema.description}</p>` : ''}
    ${fieldTable(fieldsOf(document, schema))}</article>`,
  )}</section>
</main></div>`,
  });
}

function tocEntry({ operation }: NamedOperation): Markup {
  return html`<a href="#${operation.operationId}">${operation.summary}</a>`;
}

function beginning(): Markup {
  return html`<article class="op"><h3>Before the first call</h3>
  <p>Send a token with every request but those marked open: <code>Authorization: Bearer …</code>. The first one was
  printed by <code>npm start</code> and is kept in <code>data/token</code>; <code>npx millrace token --owner alice</code>
  makes more. Whatever somebody else owns looks as if it did not exist.</p>
  <p>An address may send 100 requests a minute; health, documents, artifact bytes and open streams do not count.
  <code>RateLimit-Remaining</code> says what is left, <code>Retry-After</code> how long to wait. Send
  <code>X-Request-Id</code> or <code>traceparent</code> and find it again in the log.</p></article>`;
}

function section(document: OpenApiDocument, tag: string, operations: readonly NamedOperation[]): Markup {
  const about = document.tags?.find(({ name }) => name === tag)?.description ?? '';
  return html`<section><h2>${tag}</h2><p class="about-tag">${about}</p>
  ${operations.map((operation) => operationCard(document, operation))}</section>`;
}
