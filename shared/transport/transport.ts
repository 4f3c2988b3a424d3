/** Carries wake-ups between processes. The ledger is the truth; a wake-up only says "look now". */
export interface Transport {
  /** Says that these lanes have due work. Returns at once; a wake-up that cannot be sent is lost. */
  send(lanes: readonly string[]): void;
  /** Calls back for every wake-up that comes here, also for those of this process. Resolves once it listens. */
  listen(onWake: (lane: string) => void, options?: ListenOptions): Promise<void>;
  /** Sends what waits, stops listening. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** Wake-ups of other lanes are not told; of every lane where left out. */
  readonly lanes?: readonly string[];
  /**
   * How much of a lane's work could be begun now; as much as comes where left out. A transport that gives each wake-up to
   * one listener alone takes none while it is 0, so that one with room gets it.
   */
  readonly room?: (lane: string) => number;
}
