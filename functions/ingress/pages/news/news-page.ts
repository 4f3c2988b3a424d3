import { html } from 'hono/html';
import { appLink, type NotificationRow, pathOf, sentenceOf } from '#shared/notifications';
import { ago } from '../ago.ts';
import { layout, type Markup } from '../layout.ts';

/** What somebody is told of, newest first: where the links of mails and pushes lead, if there is no app. */
export function newsPage({
  rows,
  unread,
  signedInAs,
  appUrl,
  now,
}: {
  rows: readonly NotificationRow[];
  unread: number;
  signedInAs: string;
  appUrl: string | undefined;
  now: Date;
}): Markup {
  return layout({
    title: unread === 0 ? 'Notifications · Millrace' : `(${unread}) Notifications · Millrace`,
    here: 'news',
    signedInAs,
    body: html`<main>
<h1>Notifications</h1>
<p class="hint">${unread === 0 ? 'You have read all of them.' : `${unread} unread.`}</p>
${rows.length === 0 ? html`<p class="lead">Nothing has happened yet. Likes, messages, invitations and finished videos will stand here.</p>` : ''}
<ol>${rows.map((row) => entry(row, { appUrl, now }))}</ol>
</main>`,
  });
}

function entry(row: NotificationRow, { appUrl, now }: { appUrl: string | undefined; now: Date }): Markup {
  const { id, body, changedAt, readAt } = row;
  return html`<li id="${id}"${readAt === null ? html` class="unread"` : ''}>
  <p class="said">${readAt === null ? html`<span class="pill">new</span>` : ''}${sentenceOf(row)}</p>
  ${body === null ? '' : html`<p class="text">${body}</p>`}
  <p class="facts"><time datetime="${changedAt.toISOString()}">${ago(changedAt, now)}</time>${wayTo(row, appUrl)}</p>
</li>`;
}

/** Into the app; else to the first page for runs, which it shows; of all else there is only what programs read. */
function wayTo(row: NotificationRow, appUrl: string | undefined): Markup | '' {
  // It is all here.
  if (row.kind === 'notice') return '';
  if (appUrl !== undefined) return html`<a href="${appLink(appUrl, row)}">Look at it</a>`;
  if (row.kind === 'run-completed' || row.kind === 'run-failed')
    return html`<a href="/#run-${row.subject}">Look at it</a>`;
  return html`<a href="${pathOf(row)}">As JSON</a>`;
}
