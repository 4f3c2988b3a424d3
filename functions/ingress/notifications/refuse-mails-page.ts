import { html } from 'hono/html';
import { type MailRefusal, notificationKinds } from '#shared/notifications';
import { layout, type Markup } from '../pages/layout.ts';

/** What a link in a mail leads to: looking at it changes nothing, since mail programs look at links too. */
export function refuseMailsPage({ refusal, isDone }: { refusal: MailRefusal; isDone: boolean }): Markup {
  const { kind } = refusal;
  const what = kind === undefined ? 'All news of this platform' : notificationKinds[kind].about;
  return layout({
    title: 'Mails · Millrace',
    here: 'sign-in',
    body: html`<main class="door">
  <img src="/assets/mark.svg" alt="" width="72" height="72">
  <h1>${isDone ? 'You get no such mails any more.' : 'No more such mails?'}</h1>
  <p>${what}</p>
  ${isDone ? html`<p class="hint">Your settings bring them back.</p>` : html`<form method="post"><button>No more mails</button></form>`}
</main>`,
  });
}
