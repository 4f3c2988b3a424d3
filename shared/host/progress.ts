import type { Claim, ProgressReport, WorkLedger } from '#shared/ledger';

const FLUSH_MS = 500;

/** Gathers progress and writes it twice a second at most, all deliveries together. */
export function createProgressReporter(
  work: WorkLedger,
  log: { warn(fields: object, message: string): void },
): { report(claim: Claim, fraction: number, message: string | undefined): void; forget(claim: Claim): void } {
  const waiting = new Map<string, ProgressReport>();
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    const reports = [...waiting.values()];
    waiting.clear();
    try {
      if (reports.length > 0) await work.reportProgress(reports);
    } catch (error) {
      log.warn({ error }, 'progress could not be written');
    }
    timer = undefined;
    if (waiting.size > 0) schedule();
  }

  function schedule(): void {
    if (timer === undefined) timer = setTimeout(flush, FLUSH_MS);
  }

  return {
    report(claim, fraction, message) {
      waiting.set(claim.id, { claim, fraction, message });
      schedule();
    },
    forget(claim) {
      waiting.delete(claim.id);
    },
  };
}
