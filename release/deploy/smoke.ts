/** A delivery that no ledger has. */
const NOWHERE = '00000000-0000-8000-a000-000000000000';

/** A wake-up for nothing: whoever takes it must ask the ledger, and then has nothing to do. */
export const smokeEvent = (name: string) => ({
  specversion: '1.0',
  id: `${NOWHERE}.1`,
  source: 'urn:millrace:wake-up',
  type: 'millrace.wake-up',
  function: name,
});

const JUDGED =
  '.then(async (answer) => { if (answer.ok) return; console.error(answer.status, (await answer.text()).slice(0, 700)); process.exit(1); })' +
  '.catch((error) => { console.error(error); process.exit(1); });';

/**
 * Run by Node in the function's own container, where no network policy stands between, or in another's that may ask it.
 *
 * @param url where the function takes wake-ups; one that sleeps has a minute to start and to answer
 */
export function smokeScript({ name, url }: { name: string; url: string }): string {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(smokeEvent(name)),
  };
  return `fetch('${url}', { ...${JSON.stringify(request)}, signal: AbortSignal.timeout(60000) })${JUDGED}`;
}

/** Asks a part of the platform, from within its container, whether it is ready: it is while its ledger answers. */
export function readyScript(port: number): string {
  return `fetch('http://127.0.0.1:${port}/ready', { signal: AbortSignal.timeout(60000) })${JUDGED}`;
}

interface Job {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly Readonly<Record<string, unknown>>[];
        readonly [field: string]: unknown;
      };
      readonly [field: string]: unknown;
    };
    readonly [field: string]: unknown;
  };
}

const FOLDER = '/etc/jobsink-event';
const LIMIT_S = 150;

/** A Job as the sink would make it, for a wake-up for nothing, and the event that it reads. */
export function smokeJob(options: { name: string; id: string; job: Job; event: unknown }): {
  readonly name: string;
  readonly list: unknown;
} {
  const { job, event } = options;
  const name = `${options.name}-smoke-${options.id}`;
  const { template } = job.spec;
  const mount = { name: 'smoke-event', mountPath: FOLDER, readOnly: true };
  const containers = template.spec.containers.map((container) => ({
    ...container,
    env: [
      ...listOf(container.env),
      { name: 'K_EVENT_PATH', value: FOLDER },
      { name: 'K_EXECUTION_MODE', value: 'batch' },
    ],
    volumeMounts: [...listOf(container.volumeMounts), mount],
  }));
  const volumes = [...listOf(template.spec.volumes), { name: mount.name, configMap: { name } }];
  const labels = { 'app.kubernetes.io/part-of': 'millrace', 'millrace/smoke': options.name };
  return {
    name,
    list: {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name, labels },
          data: { event: JSON.stringify(event) },
        },
        {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { name, labels },
          spec: {
            ...job.spec,
            activeDeadlineSeconds: LIMIT_S,
            template: { ...template, spec: { ...template.spec, containers, volumes } },
          },
        },
      ],
    },
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
