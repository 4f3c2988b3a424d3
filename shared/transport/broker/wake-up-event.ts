import type { WakeUp } from '#shared/ledger';

/**
 * One source for all: the name of a Job is made of source and id without anything between them (Knative's JobSink), so that
 * two sources could make one name.
 */
const SOURCE = 'urn:millrace';
const TYPE = 'millrace.wake-up';

/** Media type of {@link wakeUpEvent}: structured mode, which a JobSink hands on whole. */
export const STRUCTURED = 'application/cloudevents+json';

/** A wake-up as a CloudEvent (1.0) without data. A Trigger filters on its extension `function`. */
export function wakeUpEvent({ delivery, number, function: name }: WakeUp): string {
  return JSON.stringify({
    specversion: '1.0',
    type: TYPE,
    source: SOURCE,
    id: `${delivery}.${number}`,
    function: name,
  });
}
