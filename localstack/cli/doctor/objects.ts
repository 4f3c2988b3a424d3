import { objectsCheck, settle } from '../../preflight/index.ts';
import { type Examination, fromStart } from './finding.ts';

/** The buckets of S3, where S3 keeps the objects. */
export const objects: Examination = {
  subject: 'objects',
  look: async ({ config, signal }) => fromStart(await settle(objectsCheck, config, signal)),
};
