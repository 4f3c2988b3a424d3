/** Keeps the cards of open runs up to date by their event streams, and lets new runs appear. */

/** A browser opens six connections to one host; videos need some of them too. */
const maxStreams = 3;
const refreshMs = 20_000;
const stillness = matchMedia('(prefers-reduced-motion: reduce)');
const streams = new Map();

function follow(card) {
  const url = card.dataset.events;
  if (url === undefined || streams.has(card.id) || streams.size >= maxStreams) return;
  const source = new EventSource(url);
  const steps = new Map();
  streams.set(card.id, source);
  source.addEventListener('snapshot', ({ data }) => {
    const pipeline = JSON.parse(data);
    steps.clear();
    for (const step of pipeline.steps) steps.set(keyOf(step), step);
    showWhole(card, pipeline);
    for (const { name } of pipeline.steps) showStep(card, name, steps);
  });
  source.addEventListener('step', ({ data }) => {
    const step = JSON.parse(data);
    if (step.part !== undefined) steps.delete(keyOf({ name: step.name }));
    steps.set(keyOf(step), step);
    showStep(card, step.name, steps);
  });
  source.addEventListener('artifact', ({ data }) => showPoster(card, JSON.parse(data)));
  source.addEventListener('pipeline', ({ data }) => showWhole(card, JSON.parse(data)));
  source.addEventListener('end', () => {
    source.close();
    streams.delete(card.id);
    refresh();
  });
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) return;
    streams.delete(card.id);
  });
}

function keyOf({ name, part = '' }) {
  return `${name}/${part}`;
}

/** The card's `data-status` stays as the server drew it: while it differs, the card is drawn anew at the end. */
function showWhole(card, { status, progress }) {
  const pill = card.querySelector('[data-pill]');
  card.classList.remove(pill.textContent);
  card.classList.add(status);
  pill.textContent = status;
  card.querySelector('[data-words]')?.replaceChildren(status === 'queued' ? 'In the queue' : 'Being made');
  card.querySelector('[data-percent]')?.replaceChildren(`${progress} %`);
  card.querySelector('[data-progress]')?.setAttribute('value', progress);
}

/** The thumbnail is there long before the video: it shines through. */
function showPoster(card, { name, part, signedHref }) {
  const picture = card.querySelector('.picture');
  if (name !== 'thumbnail.jpg' || part !== undefined || picture.querySelector('img, video') !== null) return;
  const poster = new Image();
  poster.alt = '';
  poster.src = signedHref;
  picture.prepend(poster);
}

function showStep(card, name, steps) {
  const row = card.querySelector(`[data-step="${CSS.escape(name)}"]`);
  const parts = [...steps.values()].filter((step) => step.name === name);
  if (row === null || parts.length === 0) return;
  const done = parts.filter(({ status }) => status === 'completed').length;
  row.dataset.state = fold(parts.map(({ status }) => status));
  row.title = parts.find(({ error }) => error !== undefined)?.error.message ?? row.dataset.state;
  row.querySelector('[data-word]').textContent = row.dataset.state;
  row.querySelector('progress').value = parts.reduce((sum, { progress }) => sum + progress, 0) / parts.length;
  row.querySelector('[data-count]').textContent =
    parts[0].part === undefined ? '' : `${done}/${parts.length}`;
}

/** The same order as the server's. */
function fold(all) {
  const found = ['running', 'failed', 'cancelled', 'queued'].find((status) => all.includes(status));
  if (found !== undefined) return found;
  return all.includes('waiting') ? 'waiting' : 'completed';
}

async function refresh() {
  const answer = await fetch('/', { headers: { Accept: 'text/html' } }).catch(() => undefined);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const runs = document.getElementById('runs');
  const fresh = page.getElementById('runs');
  if (runs === null || fresh === null) return;
  const cards = [...fresh.children].map((card) => {
    const old = document.getElementById(card.id);
    return old !== null && (streams.has(card.id) || old.dataset.status === card.dataset.status) ? old : card;
  });
  const same = cards.length === runs.children.length && cards.every((card, at) => card === runs.children[at]);
  if (!same) {
    document.getElementById('latest').textContent = page.getElementById('latest').textContent;
    document.querySelector('.latest .lead')?.remove();
    // Cards that stay are not moved: a video that is moved begins anew.
    for (const card of [...runs.children]) if (!cards.includes(card)) card.remove();
    cards.forEach((card, at) => {
      if (runs.children[at] !== card) runs.insertBefore(card, runs.children[at] ?? null);
    });
  }
  followAll();
  playAll();
}

/** A video plays while it is seen, unless its reader stopped it or wants no motion. */
const seen = new IntersectionObserver(
  (entries) => {
    for (const { target: video, isIntersecting } of entries) {
      if (!isIntersecting) video.pause();
      else if (!stillness.matches && !video.controlled) video.play().catch(() => undefined);
    }
  },
  { threshold: 0.4 },
);

function playAll() {
  for (const video of document.querySelectorAll('.picture video')) {
    if (video.watched) continue;
    video.watched = true;
    // Whoever took the controls keeps them.
    video.addEventListener('pointerdown', () => {
      video.controlled = true;
    });
    video.addEventListener('keydown', () => {
      video.controlled = true;
    });
    seen.observe(video);
  }
}

function followAll() {
  for (const card of document.querySelectorAll('[data-events]')) {
    if (card.dataset.status === 'queued' || card.dataset.status === 'running') follow(card);
  }
}

followAll();
playAll();
setInterval(() => {
  if (document.visibilityState === 'visible') refresh();
}, refreshMs);
