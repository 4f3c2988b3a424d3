import { html } from 'hono/html';
import { prose } from '../pages/docs/prose.ts';
import { layout, type Markup } from '../pages/layout.ts';
import type { AsyncApiDocument, Channel, Message } from './document.ts';

/** The events for people: what each says, who sends it, who takes it; and what clients hear, by which door. */
export function asyncApiPage(document: AsyncApiDocument): Markup {
  const messages = Object.entries(document.components.messages);
  const events = messages.filter(([, { headers }]) => headers !== undefined);
  const frames = messages.filter(([, { headers }]) => headers === undefined);
  const doors = Object.entries(document.channels).filter(([name]) => !(name in document.components.messages));
  return layout({
    title: 'Events · Millrace',
    here: 'docs',
    body: html`<div class="sheet">
<nav class="toc" aria-label="Contents">
  <div><h2>Events</h2>${events.map(([type]) => html`<a href="#${type}">${type}</a>`)}</div>
  <div><h2>What clients hear</h2>${doors.map(([name]) => html`<a href="#${name}">${name}</a>`)}${frames.map(([key, { name }]) => html`<a href="#${key}">${name}</a>`)}</div>
</nav>
<main>
  <h1>${document.info.title} ${document.info.version}</h1>
  <p class="intro">${document.info.description}</p>
  <p>The same for programs: <a href="/asyncapi.json">AsyncAPI 3.0</a>.</p>
  ${events.map(([type, message]) => card(document, type, message))}
  <h2>What clients hear</h2>
  ${doors.map(([name, channel]) => doorCard(name, channel))}
  ${frames.map(([key, message]) => frameCard(document, key, message))}
</main></div>`,
  });
}

function card(document: AsyncApiDocument, type: string, message: Message): Markup {
  const key = message['x-key'];
  return html`<article class="op" id="${type}"><h3>${type}</h3>
  <p>${message.summary}</p>
  <p>Sent by ${names(document, 'send', type)} Taken by ${names(document, 'receive', type)}
  ${key === undefined ? '' : html`One for each <code>${key}</code>.`} Version ${message['x-version']}.</p>
  ${fields(message.payload)}
  ${example(message)}</article>`;
}

function doorCard(name: string, channel: Channel): Markup {
  const codes = channel['x-close-codes'] ?? [];
  return html`<article class="op" id="${name}"><h3>${name}: <code>${channel.address}</code></h3>
  <p>${prose(channel.description)}</p>
  ${
    codes.length === 0
      ? ''
      : html`<div class="table"><table><thead><tr><th>Closed with</th><th>Why</th><th>And then</th></tr></thead><tbody>
  ${codes.map(({ code, why, next }) => html`<tr><td>${code}</td><td>${why}</td><td>${next}</td></tr>`)}</tbody></table></div>`
  }</article>`;
}

const lasting = {
  kept: 'Kept for two days: it comes once and in order, and again to whoever missed it.',
  place: 'It says where you are.',
  moment: 'True for the moment; it is not repeated.',
} as const;

function frameCard(document: AsyncApiDocument, key: string, message: Message): Markup {
  const doors = Object.entries(document.channels).flatMap(([name, { messages }]) =>
    key in messages ? [name] : [],
  );
  const lasts = message['x-lasts'];
  return html`<article class="op" id="${key}"><h3>${message.name}</h3>
  <p>${prose(message.summary)}</p>
  <p>${lasts === undefined ? 'A client sends it.' : lasting[lasts]} By ${listed(doors)}.</p>
  ${fields(dataOf(message))}
  ${example(message)}</article>`;
}

/** The frame's own fields are the same for all. */
function dataOf({ payload }: Message): object {
  const { properties } = payload;
  const holds = typeof properties === 'object' && properties !== null && 'data' in properties;
  return holds && typeof properties.data === 'object' && properties.data !== null ? properties.data : {};
}

function example(message: Message): Markup {
  return html`<pre><code>${JSON.stringify(message.examples[0]?.payload, null, 2)}</code></pre>`;
}

function listed(words: readonly string[]): Markup {
  return html`${words.map((word, index) => html`${index > 0 ? ', ' : ''}<code>${word}</code>`)}`;
}

function names(document: AsyncApiDocument, action: 'send' | 'receive', type: string): Markup {
  const own = Object.values(document.operations).filter(
    (operation) => operation.action === action && operation.channel.$ref === `#/channels/${type}`,
  );
  if (own.length === 0)
    return html`${action === 'send' ? 'the platform or who starts a run' : 'nobody here'}.`;
  return html`${listed(own.map(({ title }) => title))}.`;
}

function fields(schema: object): Markup | '' {
  const { properties, required } = schema as { properties?: unknown; required?: unknown };
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
