import { html } from 'hono/html';
import { layout, type Markup } from '../layout.ts';

/** How one may sign in: makers by a token; people who registered also by their password. */
export type SignInWays = 'token' | 'password-or-token';

/** Where a token is pasted, or a password given. @param request `next`: the path of ours that one goes on to */
export function signInPage({
  refused,
  next = '/',
  ways = 'token',
}: {
  refused?: string | undefined;
  next?: string;
  ways?: SignInWays;
} = {}): Markup {
  const goOn = next === '/' ? '' : html`<input type="hidden" name="next" value="${next}">`;
  const wrong = refused === undefined ? '' : html`<p class="refused" role="alert">${refused}</p>`;
  return layout({
    title: 'Sign in · Millrace',
    here: 'sign-in',
    body: html`<main class="door">
  <img src="/assets/mark.svg" alt="" width="72" height="72">
  <h1>${ways === 'token' ? 'A topic goes in, a narrated video comes out.' : 'Sign in'}</h1>
  ${
    ways === 'token'
      ? byToken(html`${goOn}`, wrong)
      : html`${byPassword(html`${goOn}`, wrong)}
  <details><summary>With a token</summary>${byToken(html`${goOn}`, '')}</details>`
  }
  <p class="hint">The first token is kept in <code>data/token</code>, where <code>npm start</code> put it.<br>
  Make another: <code>npx millrace token --owner alice</code></p>
</main>`,
  });
}

function byPassword(goOn: Markup, wrong: Markup | ''): Markup {
  return html`<form method="post" action="/sign-in">
    ${goOn}
    <label for="email">Your e-mail address</label>
    <input id="email" name="email" type="email" required autocomplete="username" maxlength="254" autofocus>
    <label for="password">Your password</label>
    <input id="password" name="password" type="password" required autocomplete="current-password" maxlength="200">
    ${wrong}
    <button>Sign in</button>
  </form>`;
}

function byToken(goOn: Markup, wrong: Markup | ''): Markup {
  return html`<form method="post" action="/sign-in">
    ${goOn}
    <input class="unseen" name="username" value="millrace" autocomplete="username" tabindex="-1" aria-hidden="true" readonly>
    <label for="token">Your token</label>
    <input id="token" name="token" type="password" required autocomplete="current-password" spellcheck="false" placeholder="eyJhbGciOi…" autofocus>
    ${wrong}
    <button>Look inside</button>
  </form>`;
}
