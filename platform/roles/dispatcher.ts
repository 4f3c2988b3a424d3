import { Counter, Gauge } from 'prom-client';
import type { GatewayConfig } from '#shared/config';
import { Permanent } from '#shared/errors';
import { createWakeUps } from '#shared/ledger';
import { createMetrics, type Metrics } from '#shared/telemetry';
import { createDispatcher, type Dispatcher } from '../../openfaas/dispatcher/create-dispatcher.ts';
import { gatewayPost } from '../../openfaas/dispatcher/gateway.ts';
import { openLedger } from '../open-ledger.ts';
import { servePart } from '../parts-server.ts';
import type { StartRole } from '../running-role.ts';
import { Undoing } from '../undoing.ts';

const SESSIONS = 3;
const DRAIN_MS = 5_000;
/** What nobody told of is found by then: a wake-up that is sent again, work whose notice was lost. */
const LOOK_MS = 1_000;
const LISTEN_AGAIN_MS = 5_000;

/**
 * Calls the functions of OpenFaaS: hears of due work by the transport of the installation, takes its wake-ups from the
 * ledger, and sends them to the gateway.
 *
 * @throws Permanent `openfaas-url-missing`, `broker-wakes-by-name`, `database-url-missing`
 */
export const startDispatcher: StartRole = async ({ config, log }) => {
  const gateway = gatewayOf(config.gateway);
  const undoing = new Undoing();
  try {
    const access = openLedger({ config, role: 'dispatcher', sessions: SESSIONS, log });
    undoing.add(access.close);
    const { pool, topology, listen } = access;
    const lanes = Object.keys(topology.profiles);
    const metrics = createMetrics({ service: 'dispatcher' });
    const wakeUps = createWakeUps({ pool });
    const dispatcher = createDispatcher({
      ...{ topology, log, count: outcomes(metrics) },
      take: (asked) => wakeUps.take({ ...asked, of: 'all' }),
      post: gatewayPost({ gateway, topology }),
    });
    undoing.add(() => dispatcher.close());
    exportLines(metrics, dispatcher);
    const server = await servePart({
      ...{ config, metrics, log },
      health: () => pool.query('select 1'),
      routes: {},
    });
    undoing.add(() => server.close({ graceMs: DRAIN_MS }));
    const stop = new AbortController();
    undoing.add(async () => stop.abort());
    await listenUntilHeard({
      listen: () => listen((lane) => dispatcher.look([lane]), { lanes }),
      onFailure: (error) => log.warn({ error }, 'cannot listen for wake-ups yet; it is tried again'),
      signal: stop.signal,
    });
    const looking = setInterval(() => dispatcher.look(lanes), LOOK_MS);
    undoing.add(async () => clearInterval(looking));
    return { port: server.port, stop: () => undoing.run(log) };
  } catch (error) {
    await undoing.run(log);
    throw error;
  }
};

function gatewayOf(gateway: GatewayConfig | undefined): GatewayConfig {
  if (gateway === undefined)
    throw new Permanent(
      'openfaas-url-missing',
      'OPENFAAS_URL is not set; set it to the gateway, such as http://gateway.openfaas.svc.cluster.local:8080.',
    );
  return gateway;
}

/** Tries once, and where what carries wake-ups is away, again later: until then the look each second finds the work. */
async function listenUntilHeard(options: {
  listen: () => Promise<void>;
  onFailure: (error: unknown) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { listen, onFailure, signal } = options;
  try {
    await listen();
  } catch (error) {
    if (error instanceof Permanent) throw error;
    onFailure(error);
    const again = setTimeout(() => {
      listenUntilHeard(options).catch(onFailure);
    }, LISTEN_AGAIN_MS);
    signal.addEventListener('abort', () => clearTimeout(again), { once: true });
  }
}

function outcomes({ registry }: Pick<Metrics, 'registry'>) {
  const sent = new Counter({
    name: 'millrace_dispatched_total',
    help: 'Calls of functions by the gateway, by function and outcome.',
    labelNames: ['function', 'outcome'],
    registers: [registry],
  });
  return (call: { function: string; outcome: 'sent' | 'failed' }): void => sent.inc(call);
}

/** How many calls of each function wait here, and are under way. */
function exportLines({ registry }: Pick<Metrics, 'registry'>, dispatcher: Dispatcher): void {
  new Gauge({
    name: 'millrace_dispatcher_calls',
    help: 'Calls of functions that wait here, or are under way at the gateway.',
    labelNames: ['function', 'state'],
    registers: [registry],
    collect() {
      for (const { function: name, waiting, underWay } of dispatcher.figures()) {
        this.set({ function: name, state: 'waiting' }, waiting);
        this.set({ function: name, state: 'under way' }, underWay);
      }
    },
  });
}
