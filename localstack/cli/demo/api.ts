import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { Permanent, Transient } from '#shared/errors';
import { type PipelineView, pipelineView } from './pipeline-view.ts';

/** Limit of one answer, in milliseconds. */
const LIMIT_MS = 30_000;

/** RFC 9457, with the fields that were wrong. */
const problem = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

const unfinished = z.object({ pipelines: z.array(z.object({ id: z.string(), title: z.string() })) });
export type UnfinishedPipeline = z.infer<typeof unfinished>['pipelines'][number];

/** What the demo reads of `metadata.json`. */
const metadata = z.object({
  durationSeconds: z.number(),
  shortened: z.string().optional(),
  warnings: z.array(z.string()).optional(),
});
export type VideoMetadata = z.infer<typeof metadata>;

/** The HTTP interface as the demo uses it: the same that everybody else uses. */
export interface PipelineApi {
  /** The same key makes the same pipeline, however often it is asked for. */
  create(request: { body: unknown; key: string }): Promise<string>;
  read(id: string): Promise<PipelineView>;
  cancel(id: string): Promise<void>;
  /** Videos that are queued or under way, a hundred of each at most. */
  unfinished(): Promise<readonly UnfinishedPipeline[]>;
  /** Of a finished video; undefined where it has none. */
  metadata(view: PipelineView): Promise<VideoMetadata | undefined>;
  /** The data of each message, a snapshot first; ends with the stream. */
  changes(request: { id: string; signal: AbortSignal }): AsyncIterable<unknown>;
}

/** @throws Permanent what the interface refuses (its problem's words); Transient when it does not answer */
export function createPipelineApi({ url, token }: { url: string; token: string }): PipelineApi {
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    const signal = init.signal ?? AbortSignal.timeout(LIMIT_MS);
    const answer = await fetch(new URL(path, url), { ...init, headers, signal }).catch((cause: unknown) => {
      throw new Transient('platform-unreachable', `The platform at ${url} does not answer.`, { cause });
    });
    if (!answer.ok) throw await refusalOf(answer);
    return answer;
  };
  const path = (id: string) => `/api/pipelines/${encodeURIComponent(id)}`;
  return {
    async create({ body, key }) {
      const answer = await ask('/api/pipelines', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      });
      return z.object({ id: z.string() }).parse(await answer.json()).id;
    },
    async read(id) {
      return pipelineView.parse(await (await ask(path(id))).json());
    },
    async cancel(id) {
      const answer = await ask(`${path(id)}/cancel`, { method: 'POST' });
      await answer.body?.cancel();
    },
    async unfinished() {
      const found = [];
      for (const status of ['running', 'queued']) {
        const answer = await ask(`/api/pipelines?status=${status}&limit=100`);
        found.push(...unfinished.parse(await answer.json()).pipelines);
      }
      return found;
    },
    async metadata(view) {
      const artifact = view.artifacts.find(({ name }) => name === 'metadata.json');
      if (artifact === undefined) return undefined;
      return metadata.safeParse(parseJson(await (await ask(artifact.href)).text())).data;
    },
    async *changes({ id, signal }) {
      const answer = await ask(`${path(id)}/events`, { headers: { accept: 'text/event-stream' }, signal });
      if (answer.body === null) return;
      const events = answer.body
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream({ onError: 'terminate' }));
      for await (const { data } of events) yield parseJson(data);
    },
  };
}

async function refusalOf(answer: Response): Promise<Permanent | Transient> {
  const text = await answer.text().catch(() => '');
  const parsed = problem.safeParse(parseJson(text));
  const { title, detail, code, errors = [] } = parsed.success ? parsed.data : {};
  const words = [title, detail].filter((part) => part !== undefined).join(': ');
  // Most details quote their one field's message already.
  const more = errors.filter(({ message }) => detail?.includes(message) !== true);
  const fields = more.map(({ field, message }) => `\n  ${field}: ${message}`).join('');
  const message = (words === '' ? `The platform answered ${answer.status}.` : words) + fields;
  const mayPass = answer.status === 429 || answer.status >= 500;
  return mayPass
    ? new Transient(code ?? 'platform-busy', message)
    : new Permanent(code ?? 'platform-refused', message);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
