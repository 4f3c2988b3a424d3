import type { Ports } from '#shared/function';
import type { Topology } from '#shared/topology';
import type { FunctionWants } from '../functions/read-function.ts';
import type { Wants } from '../functions/wants.ts';
import { CONFIG } from '../installation.ts';
import { reaching } from '../kubernetes/labels.ts';
import { type SecretName, secrets } from '../objects/secrets.ts';

/** The Secrets whose keys a port works with. What stands here with nothing works without any. */
export const secretsOfPorts: Partial<Record<keyof Ports, readonly SecretName[]>> = {
  accounts: [],
  calendars: [],
  guesses: [],
  keywords: [],
  letters: [],
  mail: ['mail'],
  media: [],
  outbound: [],
  passwords: [],
  pictureFiles: ['objects'],
  pictures: [],
  pushes: [],
  retention: ['objects'],
  scriptWriter: ['model'],
  speech: [],
  // Its key is a file.
  webPush: [],
};

/** An installation lives without these, and what they are for does not happen, or happens on the spot. */
const OPTIONAL: readonly SecretName[] = ['model', 'mail', 'collector'];

/** What a process reads: settings, and of the secrets those that it works with and no other. */
export function environmentOf(
  own: readonly SecretName[],
  { settings = true }: { settings?: boolean } = {},
): readonly object[] {
  return [
    ...(settings ? [{ configMapRef: { name: CONFIG } }] : []),
    ...[...new Set(own)].map((name) => ({
      secretRef: { name: secrets[name], ...(OPTIONAL.includes(name) ? { optional: true } : {}) },
    })),
  ];
}

/** The secrets of a function's process: the ledger's, the store's if it stores or reads, those of its ports. */
export function secretsOf({ ports, objects }: FunctionWants): readonly SecretName[] {
  return [
    'database',
    ...(objects ? (['objects'] as const) : []),
    ...ports.flatMap((port) => secretsOfPorts[port as keyof Ports] ?? []),
  ];
}

/** Labels by which network policies know what the ports of a function reach. */
export function reachOf({ ports }: FunctionWants): Readonly<Record<string, string>> {
  return {
    ...(ports.includes('mail') ? reaching.mail : {}),
    ...(ports.includes('outbound') ? reaching.web : {}),
  };
}

/** The secrets of whoever answers requests: ledger and store, its spans, and what the ports of its commands work with. */
export function secretsOfDoor({ commands = [] }: Topology, wants: Wants): readonly SecretName[] {
  const ofCommands = commands.flatMap(({ name }) => secretsOf(wants[name] ?? { ports: [], objects: false }));
  return ['database', 'objects', 'collector', ...ofCommands];
}
