import { html } from 'hono/html';
import { layout, type Markup } from '../pages/layout.ts';
import type { AsyncApiDocument, Message } from './document.ts';

/** The events for people: what each says, who sends it, who takes it. */
export function asyncApiPage(document: AsyncApiDocument): Markup {
  const messages = Object.entries(document.components.messages);
  return layout({
    title: 'Events · Millrace',
    here: 'docs',
    body: html`<div class="sheet">
<nav class="toc" aria-label="Contents">
  <div><h2>Events</h2>${messages.map(([type]) => html`<a href="#${type}">${type}</a>`)}</div>
</nav>
<main>
  <h1>${document.info.title} ${document.info.version}</h1>
  <p class="intro">${document.info.description}</p>
  <p>The same for programs: <a href="/asyncapi.json">AsyncAPI 3.0</a>.</p>
  ${messages.map(([type, message]) => card(document, type, message))}
</main></div>`,
  });
}

function card(document: AsyncApiDocument, type: string, message: Message): Markup {
  const key = message['x-key'];
  return html`<article class="op" id="${type}"><h3>${type}</h3>
  <p>${message.summary}</p>
  <p>Sent by ${names(document, 'send', type)} Taken by ${names(document, 'receive', type)}
  ${key === undefined ? '' : html`One for each <code>${key}</code>.`} Version ${message['x-version']}.</p>
  ${fields(message)}
  <pre><code>${JSON.stringify(message.examples[0]?.payload, null, 2)}</code></pre></article>`;
}

function names(document: AsyncApiDocument, action: 'send' | 'receive', type: string): Markup {
  const own = Object.values(document.operations).filter(
    (operation) => operation.action === action && operation.channel.$ref === `#/channels/${type}`,
  );
  if (own.length === 0)
    return html`${action === 'send' ? 'the platform or who starts a run' : 'nobody here'}.`;
  return html`${own.map(({ title }, index) => html`${index > 0 ? ', ' : ''}<code>${title}</code>`)}.`;
}

function fields({ payload }: Message): Markup | '' {
  const { properties, required } = payload;
  if (typeof properties !== 'object' || properties === null) return '';
  const must = Array.isArray(required) ? required.map(String) : [];
  return html`<div class="table"><table><tbody>
  ${Object.entries(properties).map(
    ([name, schema]) => html`<tr><td><code>${name}</code>${must.includes(name) ? '' : ' (optional)'}</td>
    <td>${typeOf(schema)}</td></tr>`,
  )}</tbody></table></div>`;
}

function typeOf(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return 'any';
  if ('const' in schema) return JSON.stringify(schema.const);
  if ('enum' in schema && Array.isArray(schema.enum)) return schema.enum.map(String).join(' | ');
  if ('type' in schema && schema.type === 'array' && 'items' in schema)
    return `list of ${typeOf(schema.items)}`;
  if ('properties' in schema && typeof schema.properties === 'object' && schema.properties !== null)
    return `object of ${Object.keys(schema.properties).join(', ')}`;
  return 'type' in schema ? String(schema.type) : 'any';
}
