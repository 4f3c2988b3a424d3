import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Stands in for of-watchdog (`mode=http`) where that cannot be built: what its source does with a request, its two paths,
 * its limits and SIGTERM, by the same variables. Started as a process of its own, like it.
 */
const { env } = process;
const upstream = new URL(env.http_upstream_url ?? '');
const execMs = durationMs(env.exec_timeout);
const mostInFlight = Number(env.max_inflight ?? 0);
const lock = join(tmpdir(), '.lock');
let inFlight = 0;
let isAccepting = true;

const [command = '', ...words] = (env.fprocess ?? '').split(' ');
const child = spawn(command, words, { stdio: ['pipe', 'inherit', 'inherit'] });
child.once('exit', (code) => {
  process.stderr.write(`Forked function has terminated: ${code}\n`);
  process.exit(1);
});

const server = createServer((incoming, outgoing) => {
  const path = incoming.url ?? '/';
  if (path === '/_/health') return answer(outgoing, incoming.method === 'GET' ? health() : 405);
  if (path === '/_/ready') return ready(incoming, outgoing);
  // Go's router tidies paths by itself.
  if (path.startsWith('//')) return answer(outgoing, 301, { location: path.replace(/^\/+/, '/') });
  if (mostInFlight > 0 && inFlight >= mostInFlight) return answer(outgoing, 429);
  forward(incoming, outgoing, path);
});
server.setTimeout(durationMs(env.write_timeout));
mkdirSync(tmpdir(), { recursive: true });
writeFileSync(lock, '');
server.listen(Number(env.port ?? 8080));

process.once('SIGTERM', () => {
  isAccepting = false;
  rmSync(lock, { force: true });
  child.removeAllListeners('exit');
  child.kill('SIGTERM');
  setTimeout(() => server.close(() => process.exit(0)), durationMs(env.healthcheck_interval));
  setTimeout(() => process.exit(0), durationMs(env.write_timeout)).unref();
});

function health(): number {
  return isAccepting && existsSync(lock) ? 200 : 503;
}

function ready(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { ready_path: path = '' } = env;
  if (incoming.method !== 'GET') answer(outgoing, 405);
  else if (health() !== 200) answer(outgoing, 503);
  else if (mostInFlight > 0 && inFlight >= mostInFlight) answer(outgoing, 429);
  else if (path === '') answer(outgoing, 200);
  else forward(incoming, outgoing, path);
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, path: string): void {
  inFlight += 1;
  outgoing.once('close', () => {
    inFlight -= 1;
  });
  const startedAt = performance.now();
  const passed = () => ({ 'x-duration-seconds': ((performance.now() - startedAt) / 1000).toFixed(6) });
  const { method, headers } = incoming;
  const toward = request(
    { host: upstream.hostname, port: upstream.port, path, method, headers, agent: false },
    (answered) => {
      outgoing.writeHead(answered.statusCode ?? 500, { ...answered.headers, ...passed() });
      answered.pipe(outgoing);
    },
  );
  const limit = setTimeout(() => {
    answer(outgoing, 504, passed());
    toward.destroy();
  }, execMs);
  outgoing.once('close', () => clearTimeout(limit));
  toward.on('error', () => answer(outgoing, 500, passed()));
  incoming.pipe(toward);
}

function answer(outgoing: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  if (!outgoing.headersSent) outgoing.writeHead(status, headers).end(status === 200 ? 'OK' : undefined);
}

/** `10s`, `1m30s`, or seconds; 10 s where it is not said. */
function durationMs(text = '10s'): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return [...text.matchAll(/(\d+)(ms|s|m|h)/g)].reduce(
    (sum, [, figure, unit = '']) => sum + Number(figure) * (units[unit] ?? 0),
    0,
  );
}
