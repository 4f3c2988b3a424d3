import type { Run } from '../platform.ts';

/** A function, or the platform, in one environment. */
export interface Target {
  readonly name: string;
  readonly run: Run;
  readonly namespace: string;
}

/** What stands there now. */
export interface Standing {
  /** As the cluster has it, `registry/name:version@sha256:…`; nothing where the function is not there. */
  readonly image: string | undefined;
  readonly isReady: boolean;
  /** Why not, in the cluster's words. */
  readonly why: string;
}

/** A cluster that somebody else (Argo CD) keeps as Git says. */
export interface Cluster {
  look(target: Target): Promise<Standing>;
  /**
   * Wakes the new version for a delivery that does not exist: it must reach the ledger and find nothing to claim. Each part
   * of the platform is asked whether it is ready.
   *
   * @throws Permanent `smoke-failed`
   */
  smoke(target: Target): Promise<void>;
}
