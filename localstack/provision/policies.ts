import type { EventType } from '#shared/events';
import { deadLetterName, inboundQueueName, wakeQueueName } from '#shared/queue';
import { producedBy, type Topology, type TopologyFunction, triggerTypes } from '#shared/topology';
import { oneMachine } from './one-machine.ts';
import {
  allow,
  type Names,
  type Policy,
  queue,
  READ,
  RECEIVE,
  SEND,
  type Statement,
  s3,
  WRITE,
} from './policy.ts';

/** What a function does with objects, as its code says. */
export interface ObjectUse {
  readonly fetches: boolean;
  readonly puts: boolean;
  readonly places: boolean;
  /** Removes runs and leftovers. */
  readonly retains: boolean;
  /** Makes or removes people's pictures. */
  readonly pictures: boolean;
}

/** An IAM policy (2012-10-17) for each role, by its name. */
export type Policies = Readonly<Record<string, Policy>>;

/**
 * The least that each function and each process needs: a function reads artifacts only where its code fetches, writes
 * only where it stores, and wakes only the lanes that its events can wake.
 */
export function policies(options: {
  topology: Topology;
  names: Names;
  use: (fn: TopologyFunction) => ObjectUse;
}): Policies {
  const { topology, names, use } = options;
  const { inbox, artifacts } = names.buckets;
  const inbound = Object.keys(topology.buckets ?? {});
  const lanes = Object.keys(topology.profiles);
  const roles: [string, readonly Statement[]][] = topology.functions.map((fn) => [
    fn.name,
    [...objectRights(use(fn), names), ...queueRights(fn, topology, names)],
  ]);
  roles.push([
    'ingress',
    [
      allow(
        'artifacts',
        [...READ, ...WRITE, 's3:DeleteObject'],
        // The last by the checks of `millrace doctor`.
        ['runs', 'output', 'pictures', '.check'].map((folder) => `${s3(artifacts)}/${folder}/*`),
      ),
      allow('inbox', [...READ, ...WRITE, 's3:DeleteObject'], [`${s3(inbox)}/*`]),
      allow('lists', ['s3:ListBucket', 's3:ListBucketMultipartUploads'], [s3(artifacts), s3(inbox)]),
      allow(
        'wakes',
        SEND,
        lanes.map((lane) => queue(wakeQueueName(names.prefix, lane))),
      ),
    ],
  ]);
  roles.push([
    'scheduler',
    [
      allow(
        'wakes',
        SEND,
        lanes.map((lane) => queue(wakeQueueName(names.prefix, lane))),
      ),
    ],
  ]);
  const woken = lanes.map((lane) => wakeQueueName(names.prefix, lane));
  // On OpenFaaS it alone hears of due work.
  roles.push([
    'dispatcher',
    [
      allow('is-woken', RECEIVE, woken.map(queue)),
      allow(
        'puts-aside',
        SEND,
        woken.map((name) => queue(deadLetterName(name))),
      ),
    ],
  ]);
  const queues = inbound.map((bucket) => inboundQueueName(names.prefix, bucket));
  roles.push([
    'inbound-adapter',
    [
      allow('notifications', RECEIVE, queues.map(queue)),
      allow(
        'puts-aside',
        SEND,
        queues.map((name) => queue(deadLetterName(name))),
      ),
      allow('reads-what-came', READ, [`${s3(inbox)}/*`]),
      allow('says-why-not', ['s3:PutObject', 's3:DeleteObject'], [`${s3(inbox)}/*.refused.txt`]),
      // Who has the inbox sweeps it: uploads that nobody will complete, and what senders left half-sent.
      allow('lists', ['s3:ListBucket', 's3:ListBucketMultipartUploads'], [s3(inbox)]),
      allow('removes-half-sent', ['s3:AbortMultipartUpload'], [`${s3(inbox)}/*`]),
      allow('removes-uploads', ['s3:DeleteObject'], [`${s3(inbox)}/.uploads/*`]),
      allow('copies-inputs', WRITE, [`${s3(artifacts)}/runs/*/input/*`]),
      allow(
        'wakes',
        SEND,
        startedLanes(topology).map((lane) => queue(wakeQueueName(names.prefix, lane))),
      ),
    ],
  ]);
  roles.push(['one-machine', oneMachine({ topology, names })]);
  const own = `${s3(inbox)}/scripts/\${aws:username}/*`;
  // Who may put into the inbox from outside, each under a prefix of his own: INBOX_OWNERS=prefix may then believe it.
  roles.push(['outside-uploader', [allow('own-prefix', ['s3:PutObject', 's3:AbortMultipartUpload'], [own])]]);
  return Object.fromEntries(
    roles.map(([name, statements]) => [
      name,
      { Version: '2012-10-17', Statement: statements.filter(({ Resource }) => Resource.length > 0) },
    ]),
  );
}

function objectRights(use: ObjectUse, { buckets: { inbox, artifacts } }: Names): Statement[] {
  const isWriter = use.puts || use.places;
  const rights = [
    // A host looks for what an earlier attempt left. And AWS says 403 of an object that is missing, not 404, to who may not
    // list; no `s3:prefix` can bound that, as a request for an object has none.
    allow(
      'lists',
      ['s3:ListBucket', ...(isWriter ? ['s3:ListBucketMultipartUploads'] : [])],
      [s3(artifacts)],
    ),
  ];
  if (use.fetches || use.places) rights.push(allow('inputs', READ, [`${s3(artifacts)}/runs/*`]));
  // Reading tells whose object it is when an answer was lost; an attempt that fails removes what it stored.
  if (use.puts)
    rights.push(allow('artifacts', [...READ, ...WRITE, 's3:DeleteObject'], [`${s3(artifacts)}/runs/*`]));
  if (use.places) rights.push(allow('products', [...READ, ...WRITE], [`${s3(artifacts)}/output/*`]));
  if (use.pictures) {
    rights.push(allow('pictures', [...READ, ...WRITE, 's3:DeleteObject'], [`${s3(artifacts)}/pictures/*`]));
  }
  if (use.retains) {
    rights.push(
      allow('finds', ['s3:ListBucket', 's3:ListBucketMultipartUploads'], [s3(artifacts), s3(inbox)]),
      allow(
        'removes',
        ['s3:GetObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
        [`${s3(artifacts)}/*`, `${s3(inbox)}/*`],
      ),
    );
  }
  return rights;
}

function queueRights(fn: TopologyFunction, topology: Topology, { prefix }: Names): Statement[] {
  const own = wakeQueueName(prefix, fn.profile);
  const woken = [
    ...new Set([fn.profile, ...lanesWokenBy([...producedBy(fn), ...settled(topology)], topology)]),
  ];
  return [
    allow('is-woken', RECEIVE, [queue(own)]),
    allow('puts-aside', SEND, [queue(deadLetterName(own))]),
    allow(
      'wakes',
      SEND,
      woken.sort().map((lane) => queue(wakeQueueName(prefix, lane))),
    ),
  ];
}

/** Any commit may be the last of its run, and then says so. */
function settled({ flows }: Topology): EventType[] {
  return Object.values(flows).flatMap(({ completed, failed }) => [completed, failed]);
}

function startedLanes(topology: Topology): readonly string[] {
  return lanesWokenBy(
    Object.values(topology.buckets ?? {}).flatMap((templates) => Object.values(templates)),
    topology,
  );
}

function lanesWokenBy(types: readonly EventType[], { functions }: Topology): readonly string[] {
  const woken = functions.filter(({ triggers }) =>
    triggers.some((trigger) => triggerTypes(trigger).some((type) => types.includes(type))),
  );
  return [...new Set(woken.map(({ profile }) => profile))].sort();
}
