import { html } from 'hono/html';
import { layout, type Markup } from '../layout.ts';
import {
  fieldsOf,
  type NamedOperation,
  type OpenApiDocument,
  operationsOf,
  type Schema,
} from './document-reader.ts';
import { fieldTable, operationCard } from './operation-card.ts';
import { prose } from './prose.ts';

export function docsPage(document: OpenApiDocument): Markup {
  const byTag = Map.groupBy(operationsOf(document), ({ operation }) => operation.tags?.[0] ?? '');
  // In the order of the document's own list of tags.
  const groups = (document.tags ?? []).flatMap(({ name }) => {
    const operations = byTag.get(name);
    return operations === undefined ? [] : [[name, operations] as const];
  });
  const schemas = Object.entries(document.components?.schemas ?? {});
  return layout({
    title: 'API · Millrace',
    here: 'docs',
    body: html`<div class="sheet">
<nav class="toc" aria-label="Contents">
  ${groups.map(([tag, operations]) => html`<div><h2>${tag}</h2>${operations.map(tocEntry)}</div>`)}
  <div class="shapes"><h2>Shapes</h2>
  ${schemas.map(([name]) => html`<a href="#shape-${name}">${name}</a>`)}</div>
</nav>
<main>
  <h1>${document.info.title} ${document.info.version}</h1>
  <p class="intro">${prose(document.info.description ?? '')}</p>
  ${beginning()}
  ${groups.map(([tag, operations]) => section(document, tag, operations))}
  <section><h2 id="shapes">Shapes</h2>
  ${schemas.map(
    ([name, schema]) => html`<article class="op" id="shape-${name}"><h3>${name}</h3>
    ${schema.description === undefined ? '' : html`<p>${prose(schema.description)}</p>`}
    ${wordsOf(schema)}${fieldTable(fieldsOf(document, schema))}</article>`,
  )}</section>
</main></div>`,
  });
}

/** The words that an enumeration takes. */
function wordsOf(schema: Schema): Markup | '' {
  const words = 'enum' in schema ? (schema.enum ?? []) : [];
  return words.length === 0 ? '' : html`<p>${words.map((word) => html`<code>${String(word)}</code> `)}</p>`;
}

function tocEntry({ operation }: NamedOperation): Markup {
  return html`<a href="#${operation.operationId}">${operation.summary}</a>`;
}

function beginning(): Markup {
  return html`<article class="op"><h3>Before the first call</h3>
  <p>Send a token with every request but those marked open. For runs and operations the first one is kept in
  <code>data/token</code>; <code>npx millrace token --owner alice</code> makes more. With this line the examples below run
  as they stand:</p>
  <pre><code>TOKEN=$(cat data/token)</code></pre>
  <p>A person has an account: <a href="#register">register</a>, then <a href="#login">sign in</a>, and send the
  <code>accessToken</code> of the answer. It is good for 15 minutes;
  <a href="#refreshSession">refresh</a> gives the next one. What is under People, Posts, Events or Conversations takes such
  a token.</p>
  <p>Whatever somebody else owns looks as if it did not exist. Every refusal is <code>application/problem+json</code>
  (RFC 9457): <code>code</code> is for programs, <code>detail</code> for people, and <code>errors</code> names each wrong
  field with its limit.</p>
  <p>An address may send 100 requests a minute; health, documents, artifact bytes and open streams do not count.
  <code>RateLimit-Remaining</code> says what is left, <code>Retry-After</code> how long to wait. Send
  <code>X-Request-Id</code> or <code>traceparent</code> and find it again in the log.</p></article>`;
}

function section(document: OpenApiDocument, tag: string, operations: readonly NamedOperation[]): Markup {
  const about = document.tags?.find(({ name }) => name === tag)?.description ?? '';
  return html`<section><h2>${tag}</h2><p class="about-tag">${about}</p>
  ${operations.map((operation) => operationCard(document, operation))}</section>`;
}
