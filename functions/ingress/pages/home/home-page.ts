import { html } from 'hono/html';
import type { Pipeline } from '../../schemas/pipeline.ts';
import { layout, type Markup } from '../layout.ts';
import { pipelineCard } from './pipeline-card.ts';

/** The latest videos, and where to go next. */
export function homePage({
  pipelines,
  account,
  origin,
  now,
}: {
  pipelines: readonly Pipeline[];
  account: string;
  origin: string;
  now: Date;
}): Markup {
  return layout({
    title: 'Millrace',
    here: 'home',
    signedInAs: account,
    body: html`<main>
<section class="latest" aria-labelledby="latest">
  <h1 id="latest">${pipelines.length === 0 ? 'Your first video' : 'Latest videos'}</h1>
  ${pipelines.length === 0 ? firstVideo() : ''}
  <div id="runs" class="runs">${pipelines.map((pipeline) => pipelineCard(pipeline, now))}</div>
</section>
${whereNext(origin)}
</main>`,
  });
}

/** What stands in the place of the first video. */
function firstVideo(): Markup {
  return html`<div class="lead"><img src="/assets/mark.svg" alt="" width="64" height="64">
  <div><p>Start with one line in a terminal. The video appears here and shows each step while it is made.</p>
  <pre><code>npm run demo -- "Why octopuses have three hearts"</code></pre></div></div>`;
}

function whereNext(origin: string): Markup {
  const curl = `curl ${origin}/api/pipelines \\
  -H "Authorization: Bearer $(cat data/token)" \\
  -H "Content-Type: application/json" \\
  -d '{ "topic": "Why bees dance" }'`;
  return html`<section class="next" aria-labelledby="next">
  <h2 id="next">Where to go next</h2>
  <div class="ways">
    <article>
      <h3>From a terminal</h3>
      <p>Your own topic, or your own words, with a progress bar for each step.</p>
      <pre><code>npm run demo -- "Why bees dance"
npm run demo -- --script notes.md</code></pre>
    </article>
    <article>
      <h3>From a program</h3>
      <p>Every run answers at once, tells of itself as it goes, and can be cancelled and retried step by step.</p>
      <pre><code>${curl}</code></pre>
    </article>
    <article>
      <h3>For the details</h3>
      <p><a href="/docs">The reference</a> shows every route with its limits and refusals; <a href="/openapi.json">openapi.json</a> is the same for programs.</p>
      <pre><code>npx millrace token --owner alice
npx millrace --help</code></pre>
    </article>
  </div>
</section>`;
}
