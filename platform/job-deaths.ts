import { z } from 'zod';
import { readCloudEvent } from '#shared/host';
import { readBytes } from '#shared/http';
import type { HostDeaths } from '#shared/ledger';
import type { Log } from '#shared/telemetry';

/** A Pod with its template's environment is far smaller. */
const LIMITS = { maxBytes: 1_048_576, timeoutMs: 10_000 };
const REMEMBERED = 1_000;
const NAME = 'app.kubernetes.io/name';
/** What Kubernetes says; anything else is counted as `other`. */
const REASONS = ['OOMKilled', 'Error', 'Evicted', 'DeadlineExceeded', 'ContainerCannotRun', 'StartError'];
/** The node itself has seen to it that nothing runs any more. A node that is lost has not. */
const CERTAIN = ['Evicted'];

const pod = z.object({
  kind: z.literal('Pod'),
  metadata: z.object({
    name: z.string().min(1).max(253),
    uid: z.string().min(1).max(100),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  status: z
    .object({
      phase: z.string().optional(),
      reason: z.string().optional(),
      containerStatuses: z
        .array(
          z.object({
            state: z
              .object({
                terminated: z.object({ exitCode: z.int(), reason: z.string().optional() }).optional(),
              })
              .default({}),
          }),
        )
        .max(50)
        .default([]),
    })
    .default({ containerStatuses: [] }),
});

type Pod = z.infer<typeof pod>;

/**
 * Hears from the API server (ApiServerSource, mode Resource) how pods of Jobs are, and reports those whose process has
 * ended badly: what it held is due again at once, and its attempt says why. A lost node is left to the lease: its process
 * may still run. A pod's name is the home of its host.
 */
export function jobDeaths(options: {
  deaths: HostDeaths;
  functions: readonly string[];
  count: (death: { function: string; reason: string }) => void;
  log: Log;
}): (request: Request) => Promise<Response> {
  const { deaths, count, log } = options;
  const known = new Set(options.functions);
  /** The API server tells of every change, and tells of all again now and then. */
  const seen = new Set<string>();

  async function report({ metadata, status }: Pod): Promise<void> {
    const end = endOf(status);
    if (end === undefined || seen.has(metadata.uid)) return;
    const { reason, exitCode, isCertain } = end;
    const fn = metadata.labels[NAME] ?? '';
    const said = `${reason}${exitCode === undefined ? '' : `, exit code ${exitCode}`}`;
    const why = { kind: 'transient', code: 'pod-ended', message: `Its pod ended: ${said}.` } as const;
    const lost = isCertain ? await deaths.report({ home: metadata.name, why }) : [];
    seen.add(metadata.uid);
    if (seen.size > REMEMBERED) seen.delete(seen.values().next().value ?? '');
    count({
      function: known.has(fn) ? fn : 'other',
      reason: REASONS.includes(reason) ? reason : 'other',
    });
    log.warn({ pod: metadata.name, function: fn, reason, exitCode, isCertain, lost }, 'a Job’s pod ended');
  }

  return async (request) => {
    const body = await readBytes(request, LIMITS);
    const { data } = readCloudEvent({ headers: Object.fromEntries(request.headers), body });
    const parsed = pod.safeParse(data);
    // Other kinds and later versions of it are no fault of the sender, who would only send them again.
    if (parsed.success) await report(parsed.data);
    return new Response(null, { status: 202 });
  };
}

/** Undefined while it runs, and when it ended well. */
function endOf(
  status: Pod['status'],
): { reason: string; exitCode: number | undefined; isCertain: boolean } | undefined {
  const ended = status.containerStatuses.map(({ state }) => state.terminated);
  const bad = ended.find((one) => one !== undefined && one.exitCode !== 0);
  const isFailed = status.phase === 'Failed';
  if (bad === undefined && !isFailed) return undefined;
  const reason = (status.reason ?? bad?.reason ?? 'Error').slice(0, 100);
  const isOver = ended.length > 0 && ended.every((one) => one !== undefined);
  return { reason, exitCode: bad?.exitCode, isCertain: isOver || (isFailed && CERTAIN.includes(reason)) };
}
