import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A page of an origin of its own, in headless Chromium: what its script answers comes back as JSON. */
export interface TestPage {
  readonly origin: string;
  /** Runs the body of an async function in the page; `input` is there, and a `File`'s bytes under `/file`. */
  run<Answer>(request: {
    script: string;
    input: unknown;
    file: Uint8Array;
    limitMs: number;
  }): Promise<Answer>;
  close(): Promise<void>;
}

export async function openTestPage(): Promise<TestPage> {
  const program = [process.env.CHROMIUM_BIN, ...candidates].find((path) => path && existsSync(path));
  if (program === undefined)
    throw new Error('There is no Chromium: apt-get install chromium, or set CHROMIUM_BIN.');
  let page = '';
  let file: Uint8Array = Buffer.of();
  let answered = Promise.withResolvers<{ answer?: unknown; failure?: string }>();
  const server = createServer(async (request, response) => {
    if (request.url === '/file') response.end(file);
    else if (request.method === 'POST') {
      answered.resolve(JSON.parse(String(await buffer(request))));
      response.end();
    } else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The page has no port.');
  const origin = `http://127.0.0.1:${address.port}`;

  return {
    origin,
    async run<Answer>(request: { script: string; input: unknown; file: Uint8Array; limitMs: number }) {
      file = request.file;
      page = pageOf(request.script, request.input);
      answered = Promise.withResolvers();
      const profile = await mkdtemp(join(tmpdir(), 'millrace-chromium-'));
      const flags = [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--no-first-run',
      ];
      const child = spawn(program, [...flags, `--user-data-dir=${profile}`, `${origin}/`], {
        stdio: 'ignore',
        detached: true,
      });
      const limit = setTimeout(
        () => answered.resolve({ failure: `the page did not answer within ${request.limitMs} ms` }),
        request.limitMs,
      );
      try {
        const { answer, failure } = await answered.promise;
        if (failure !== undefined) throw new Error(failure);
        return answer as Answer;
      } finally {
        clearTimeout(limit);
        const ended = once(child, 'exit');
        // With its helpers, which are of its process group.
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        await ended;
        await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function pageOf(script: string, input: unknown): string {
  return `<!doctype html><title>test</title><script type="module">
const input = ${JSON.stringify(input).replaceAll('<', '\\u003c')};
const tell = (result) => fetch('/answer', { method: 'POST', body: JSON.stringify(result) });
try { await tell({ answer: await (async () => { ${script} })() }); }
catch (error) { await tell({ failure: String(error) }); }
</script>`;
}
