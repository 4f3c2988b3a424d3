import type { Tracing } from '#shared/telemetry';
import type { Ledger } from './ledger.ts';

/** The ledger with a span for each publication: its event carries that span on, so the trace goes from hop to hop. */
export function tracedLedger({ ledger, tracing }: { ledger: Ledger; tracing: Tracing }): Ledger {
  return {
    ...ledger,
    async publish(request) {
      const span = tracing.start(`publish ${request.event.type}`, {
        kind: 'producer',
        parent: request.traceparent,
        attributes: { 'messaging.system': 'millrace', 'millrace.run': request.run.id },
      });
      try {
        const published = await ledger.publish({ ...request, traceparent: span.traceparent });
        span.end({ attributes: { 'messaging.message.id': published.event } });
        return published;
      } catch (error) {
        span.end({ error });
        throw error;
      }
    },
  };
}
