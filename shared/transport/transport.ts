/** Carries wake-ups between processes. The ledger is the truth; a wake-up only says "look now". */
export interface Transport {
  /** Says that these lanes have due work. Returns at once; a wake-up that cannot be sent is lost. */
  send(lanes: readonly string[]): void;
  /** Calls back for every wake-up, also for those of this process. Resolves once it listens. */
  listen(onWake: (lane: string) => void): Promise<void>;
  close(): Promise<void>;
}
