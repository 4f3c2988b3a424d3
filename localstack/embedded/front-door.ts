import { type Auth, createUrlSigner } from '#shared/auth';
import type { Config } from '#shared/config';
import type { Application } from '#shared/http';
import type { Ledger } from '#shared/ledger';
import { createFliteSpeech } from '#shared/speech';
import type { ObjectStore } from '#shared/storage';
import type { Log } from '#shared/telemetry';
import type { Topology } from '#shared/topology';
import { createIngress } from '../../functions/ingress/index.ts';
import { version } from '../cli/version.ts';

/** The ingress with what this machine offers it. */
export async function createFrontDoor(options: {
  config: Config;
  ledger: Ledger;
  topology: Topology;
  artifacts: ObjectStore;
  auth: Auth;
  keysFolder: string;
  log: Log;
}): Promise<Application> {
  const { config, ledger, topology, artifacts, auth, keysFolder, log } = options;
  const clock = { now: () => new Date() };
  const speech = createFliteSpeech();
  return createIngress({
    ledger,
    topology,
    artifacts,
    auth,
    signer: createUrlSigner({ keysFolder, clock }),
    limits: { ratePerMinute: config.rateLimit, trustProxy: config.trustProxy },
    log,
    clock,
    version,
    voices: () => speech.voices(),
  });
}
