import { html } from 'hono/html';
import { detailOf } from '../../pipelines/step-view.ts';
import type { Artifact, Pipeline, Step, StepDetail } from '../../schemas/pipeline.ts';
import { ago } from '../ago.ts';
import type { Markup } from '../layout.ts';

/** One run: its video or how far it is, its steps, its files. `live.js` keeps an open one up to date. */
export function pipelineCard(pipeline: Pipeline, now: Date): Markup {
  const { id, title, status, progress, request, links } = pipeline;
  const live = status === 'queued' || status === 'running';
  return html`<article class="run ${status}" id="run-${id}" aria-labelledby="title-${id}" data-status="${status}"${live ? html` data-events="${links.events}"` : ''}>
  ${picture(pipeline)}
  <div class="about">
    <h3 id="title-${id}">${title}</h3>
    <p class="facts"><span class="pill" role="status" data-pill>${status}</span>
      ${request === undefined ? '' : html`<span>${request.format} · ${request.size}</span>`}
      <time datetime="${pipeline.createdAt}">${ago(new Date(pipeline.createdAt), now)}</time></p>
    ${live ? html`<progress class="whole" max="100" value="${progress}" data-progress aria-label="Progress">${progress} %</progress>` : ''}
    ${failureOf(pipeline)}
    <details${live || status === 'failed' ? html` open` : ''}>
      <summary>Steps</summary>
      <ol class="steps">${folded(pipeline.steps).map(stepRow)}</ol>
    </details>
    ${files(pipeline.artifacts)}
  </div>
</article>`;
}

function picture({ title, artifacts, status, progress, request }: Pipeline): Markup {
  const video = whole(artifacts, 'video.mp4');
  const poster = whole(artifacts, 'thumbnail.jpg');
  const format = request?.format ?? 'long';
  if (video === undefined) {
    const words = {
      queued: 'In the queue',
      running: 'Being made',
      completed: 'No video',
      failed: 'Stopped',
      cancelled: 'Cancelled',
    };
    return html`<div class="picture ${format}">
    ${poster === undefined ? '' : html`<img src="${poster.signedHref}" alt="">`}
    <div class="state"><strong data-percent>${progress} %</strong><span data-words>${words[status]}</span></div>
  </div>`;
  }
  const captions = whole(artifacts, 'captions.vtt');
  return html`<div class="picture ${format}">
    <video src="${video.signedHref}" aria-label="${title}" controls muted loop playsinline preload="metadata"${poster === undefined ? '' : html` poster="${poster.signedHref}"`}>
      ${captions === undefined ? '' : html`<track kind="captions" src="${captions.signedHref}" srclang="${request?.language ?? 'en'}" label="Captions">`}
    </video>
  </div>`;
}

function failureOf({ failure, status, links }: Pipeline): Markup | '' {
  if (status !== 'failed' || failure === undefined) return '';
  const [first] = failure.dead;
  const missing = failure.missing.map(
    ({ step, parts }) => `${step} is short of ${parts.join(', ') || 'its input'}`,
  );
  return html`<p class="failure">${first === undefined ? missing.join('; ') : html`<b>${first.step}</b>: ${first.message}`}</p>
  ${(links.retry ?? []).map((link) => html`<p class="again">When that is put right, <a href="/docs#orchestratorRetry">try it again</a>: <code>POST ${link}</code></p>`)}`;
}

function folded(steps: readonly Step[]): StepDetail[] {
  return [...Map.groupBy(steps, ({ name }) => name).values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [detailOf([first, ...rest])],
  );
}

function stepRow(step: StepDetail): Markup {
  const parts = step.parts ?? [];
  const done = parts.filter(({ status }) => status === 'completed').length;
  return html`<li data-step="${step.name}" data-state="${step.status}" title="${titleOf(step)}">
    <span class="dot"></span><span class="name">${step.name} <span class="unseen" data-word>${step.status}</span></span>
    <span class="count" data-count>${parts.length === 0 ? '' : `${done}/${parts.length}`}</span>
    <progress max="100" value="${step.progress}" aria-label="${step.name}">${step.progress} %</progress>
  </li>`;
}

/** What went wrong or stands in its way, or else how it stands. */
function titleOf({ error, paused, status }: StepDetail): string {
  if (error !== undefined) return error.message;
  return paused === undefined ? status : `${status}, paused: ${paused.reason}`;
}

/** What people want to take away, in this order. */
const wanted = ['video.mp4', 'thumbnail.jpg', 'captions.srt', 'captions.vtt', 'metadata.json'];

function files(artifacts: readonly Artifact[]): Markup | '' {
  const there = wanted.flatMap((name) => whole(artifacts, name) ?? []);
  if (there.length === 0) return '';
  return html`<p class="files">${there.map(
    ({ name, signedHref, bytes }) =>
      html`<a href="${signedHref}&amp;download=1" download>${name}<small>${size(bytes)}</small></a> `,
  )}</p>`;
}

function whole(artifacts: readonly Artifact[], name: string): Artifact | undefined {
  return artifacts.find((artifact) => artifact.name === name && artifact.part === undefined);
}

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
