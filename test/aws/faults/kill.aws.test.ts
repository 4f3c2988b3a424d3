import { describe, it } from 'vitest';
import { useDyingPlatform } from '../../faults/dying.ts';
import { startTestPlatform } from '../../faults/platform/platform.ts';
import { testServer } from '../server.ts';
import { placeOnAws } from './place-on-aws.ts';

const dying = useDyingPlatform(async () => startTestPlatform({ place: await placeOnAws(testServer()) }));

/** Where S3 and SQS take part, and around each claim and commit; all points, on files and Postgres: `npm run test:faults`. */
const points = [
  'publish.recorded',
  'publish.unannounced',
  'notify.sending',
  'claim.made',
  'put.stored',
  'place.copied',
  'handle.done',
  'commit.locked',
  'commit.fenced',
  'commit.recorded',
  'commit.done',
  'commit.unannounced',
  'settle.looked',
  'store.removing',
  'upload.checked',
  'upload.unnoticed',
  'notice.copied',
  'notice.published',
];
/** Each of these is a start of all processes and of Postgres. */
const few = [
  'notify.sending',
  'claim.made',
  'put.stored',
  'commit.fenced',
  'commit.done',
  'notice.published',
];

describe('kill -9, on S3 and SQS', () => {
  it.each(points)('of the process that is at %s: every guarantee holds', async (point) => {
    await dying.dieAt(point, 'kill');
  });

  it.each(few)('of everything, a process being at %s: every guarantee holds', async (point) => {
    const { crashDatabase, killAll } = dying.platform();
    await dying.dieAt(point, 'hold', () => crashDatabase(killAll));
  });
});
