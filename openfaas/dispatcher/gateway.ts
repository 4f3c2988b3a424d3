import type { GatewayConfig } from '#shared/config';
import type { Topology, TopologyFunction } from '#shared/topology';
import { createWakeUpPost, type PostWakeUp } from '#shared/transport';

/** A function ends itself at its time limit and tells the ledger; then its host answers. */
const TELLING_MS = 60_000;
/** The queue of OpenFaaS takes a call and answers at once. */
const QUEUED_MS = 10_000;

/**
 * Sends wake-ups to the gateway of OpenFaaS: `<url>/function/<name>`, which answers when the work has ended, or
 * `<url>/async-function/<name>`. Nobody is told by `X-Callback-Url`: the ledger has the outcome.
 */
export function gatewayPost({
  gateway,
  topology,
}: {
  gateway: GatewayConfig;
  topology: Topology;
}): PostWakeUp {
  const { url, user, password, invoke } = gateway;
  const headers =
    password === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}` };
  const posts = new Map(
    topology.functions.map((fn) => {
      const post = createWakeUpPost({
        address: (name) => `${url.replace(/\/+$/, '')}/${invoke}/${name}`,
        headers,
        width: slotsOf(topology, fn),
        limitMs: invoke === 'function' ? timeoutOf(topology, fn) + TELLING_MS : QUEUED_MS,
      });
      return [fn.name, post] as const;
    }),
  );
  // What the ledger knows and this topology does not is of a newer version: that one's dispatcher sends it.
  return (wakeUp, signal) => posts.get(wakeUp.function)?.(wakeUp, signal) ?? Promise.resolve();
}

/** So many calls of a function at once find a slot when all its pods are there. */
export function slotsOf({ profiles }: Topology, { profile }: TopologyFunction): number {
  const { scale, concurrency = 1 } = profiles[profile] ?? {};
  return (scale?.max ?? 1) * concurrency;
}

function timeoutOf({ profiles }: Topology, { profile }: TopologyFunction): number {
  return profiles[profile]?.timeoutMs ?? 0;
}
