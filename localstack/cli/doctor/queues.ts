import { queuesCheck, settle } from '../../preflight/index.ts';
import { type Examination, fromStart } from './finding.ts';

/** The queues of SQS, where SQS carries the wake-ups or the notices of the inbox. */
export const queues: Examination = {
  subject: 'queues',
  look: async ({ config, signal }) => fromStart(await settle(queuesCheck, config, signal)),
};
