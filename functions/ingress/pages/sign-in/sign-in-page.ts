import { html } from 'hono/html';
import { layout, type Markup } from '../layout.ts';

/** Where a token is pasted. */
export function signInPage({ refused }: { refused?: string | undefined } = {}): Markup {
  return layout({
    title: 'Sign in · Millrace',
    here: 'sign-in',
    body: html`<main class="door">
  <img src="/assets/mark.svg" alt="" width="72" height="72">
  <h1>A topic goes in, a narrated video comes out.</h1>
  <form method="post" action="/sign-in">
    <input class="unseen" name="username" value="millrace" autocomplete="username" tabindex="-1" aria-hidden="true" readonly>
    <label for="token">Your token</label>
    <input id="token" name="token" type="password" required autocomplete="current-password" spellcheck="false" placeholder="eyJhbGciOi…" autofocus>
    ${refused === undefined ? '' : html`<p class="refused" role="alert">${refused}</p>`}
    <button>Look inside</button>
  </form>
  <p class="hint">The first token is kept in <code>data/token</code>, where <code>npm start</code> put it.<br>
  Make another: <code>npx millrace token --owner alice</code></p>
</main>`,
  });
}
