import { html } from 'hono/html';
import { layout, type Markup } from '../layout.ts';

/** A click, and not the mere opening, confirms: programs that look through mails open links. */
export function verifyEmailPage(): Markup {
  return letterPage({
    title: 'Confirm your e-mail address',
    post: '/auth/verify-email',
    done: 'Thank you: the address is confirmed.',
    button: 'Confirm',
    fields: html``,
  });
}

export function resetPasswordPage(): Markup {
  return letterPage({
    title: 'Choose a new password',
    post: '/auth/password/reset',
    done: 'It is set. Sign in with it; everywhere else you were signed out.',
    button: 'Set this password',
    fields: html`<label for="password">New password, at least ten characters</label>
    <input id="password" name="password" type="password" required minlength="10" maxlength="200" autocomplete="new-password">`,
  });
}

function letterPage(about: {
  title: string;
  post: string;
  done: string;
  button: string;
  fields: Markup;
}): Markup {
  const { title, post, done, button, fields } = about;
  return layout({
    title: `${title} · Millrace`,
    here: 'letter',
    body: html`<main class="door">
  <img src="/assets/mark.svg" alt="" width="72" height="72">
  <h1>${title}</h1>
  <form data-post="${post}" data-done="${done}">
    ${fields}
    <p class="refused" role="alert" hidden></p>
    <button>${button}</button>
  </form>
  <p class="hint" role="status" data-status></p>
  <noscript><p class="hint">This page sends the link by a script, which your browser does not run.</p></noscript>
</main>`,
  });
}
