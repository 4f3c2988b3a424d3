import { checkStore, openStore, storeSettings } from '#shared/storage';
import type { Check } from './check.ts';

/** Who waits for a start hears within ten seconds that nobody answers. */
const hurried = { limits: { connectMs: 3_000, idleMs: 4_000, attempts: 2 } };

/** The buckets are there and can be written to, where S3 keeps the objects. What is wrong names bucket, endpoint and remedy. */
export const objectsCheck: Check = async ({ config, signal }) => {
  if (config.objects !== 's3') return { ok: true, note: '' };
  const stores = Object.values(storeSettings(config));
  await Promise.all(
    stores.map(async (settings) => checkStore(await openStore({ ...settings, ...hurried }), { signal })),
  );
  const { artifacts, inbox } = config.buckets;
  return { ok: true, note: `buckets ${artifacts} and ${inbox} at ${config.s3.endpoint ?? 'AWS S3'}` };
};
