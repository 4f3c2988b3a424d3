import { html } from 'hono/html';
import { pagePolicy } from '#shared/http';
import type { HttpContext } from '../environment.ts';

/** Markup whose every inserted value was escaped by `html`. */
export type Markup = ReturnType<typeof html>;

/** The frame of every page. No inline script or style: the policy allows neither. */
export function layout({
  title,
  here,
  signedInAs,
  goOnTo,
  body,
}: {
  title: string;
  here: 'home' | 'news' | 'docs' | 'sign-in' | 'letter';
  signedInAs?: string | undefined;
  /** The path of ours that the browser asks for at once. */
  goOnTo?: string;
  body: Markup;
}): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${goOnTo === undefined ? '' : html`<meta http-equiv="refresh" content="0; url=${goOnTo}">`}
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
${here === 'home' ? html`<script type="module" src="/assets/live.js"></script>` : ''}
${here === 'letter' ? html`<script type="module" src="/assets/letter.js"></script>` : ''}
</head>
<body class="${here}">
<header class="top">
  <a class="brand" href="/"><img src="/assets/mark.svg" alt="" width="30" height="30"><span>Millrace</span></a>
  <nav>
    <a href="/news"${here === 'news' ? html` aria-current="page"` : ''}>News</a>
    <a href="/docs"${here === 'docs' ? html` aria-current="page"` : ''}>API</a>
    <a class="spare" href="/docs/events">Events</a>
    <a class="spare" href="/openapi.json">OpenAPI</a>
    ${signedInAs === undefined ? '' : html`<form method="post" action="/sign-out"><span class="who">${signedInAs}</span><button>Sign out</button></form>`}
  </nav>
</header>
${body}
</body>
</html>`;
}

/** Asks for a page of ours again, from here: the session's cookie does not come with what other sites link to. */
export function returnPage(path: string): Markup {
  return layout({
    title: 'Millrace',
    here: 'sign-in',
    goOnTo: path,
    body: html`<main class="door"><h1>One moment</h1><p><a href="${path}">Go on</a></p></main>`,
  });
}

/** A page with its policy; never kept by a cache, because it may hold a person's own things. */
export async function answerPage(
  c: HttpContext,
  page: Markup,
  status: 200 | 400 | 401 | 403 | 429 = 200,
): Promise<Response> {
  return c.body(String(await page), status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': pagePolicy,
    'Cache-Control': 'no-store',
  });
}
