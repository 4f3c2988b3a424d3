import { z } from 'zod';
import { Permanent } from '#shared/errors';

/** One change in a bucket; the key as it is, not as it travels. */
export interface Noticed {
  readonly change: 'created' | 'removed';
  readonly key: string;
}

const record = z.object({
  // `ObjectCreated:Put` from S3, `s3:ObjectCreated:Put` from MinIO.
  eventName: z.string(),
  s3: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string().min(1).max(9_216) }),
  }),
});

/** S3 sends one record, MinIO one; both formats allow more. */
const records = z.object({ Records: z.array(record).min(1).max(1_000) });

/** What S3 sends when a notification is set up. */
const setUp = z.object({ Service: z.literal('Amazon S3'), Event: z.literal('s3:TestEvent') });

/**
 * Reads a notice of a bucket. Sizes, ETags and sequencers in it are not looked at: servers differ, and anybody may have
 * written it; what counts is asked of the store.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * @throws Permanent `notice-unreadable`, `notice-of-another-bucket`
 */
export function readNotices(body: unknown, { bucket }: { bucket: string }): readonly Noticed[] {
  if (setUp.safeParse(body).success) return [];
  const parsed = records.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unreadable(`${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'wrong'}`);
  }
  return parsed.data.Records.flatMap(({ eventName, s3 }) => {
    if (s3.bucket.name !== bucket) {
      throw new Permanent(
        'notice-of-another-bucket',
        `A notice speaks of the bucket "${s3.bucket.name.slice(0, 80)}"; this is the queue of "${bucket}".`,
      );
    }
    const change = changeOf(eventName);
    const key = decodedKey(s3.object.key);
    // What ends in a slash stands for a folder, in consoles and browsers of buckets.
    return change === undefined || key.endsWith('/') ? [] : [{ change, key }];
  });
}

/** Reads a message. @throws Permanent as {@link readNotices} */
export function readNoticeMessage(body: string, where: { bucket: string }): readonly Noticed[] {
  return readNotices(parsedJson(body), where);
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw unreadable('it is no JSON');
  }
}

/** Undefined for what changes no bytes: tags, access, restores, replication. */
function changeOf(eventName: string): Noticed['change'] | undefined {
  const [kind] = eventName.replace(/^s3:/, '').split(':');
  if (kind === 'ObjectCreated') return 'created';
  return kind === 'ObjectRemoved' || kind === 'LifecycleExpiration' ? 'removed' : undefined;
}

/** Keys travel as in a form: a plus is a space, then come percent signs. */
function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw unreadable(`its key ${JSON.stringify(key.slice(0, 80))} is not encoded as S3 does`);
  }
}

function unreadable(why: string): Permanent {
  return new Permanent('notice-unreadable', `This is no notice of a bucket: ${why}.`);
}
