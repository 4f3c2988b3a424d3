import { parse } from 'yaml';
import { z } from 'zod';
import { Permanent } from '#shared/errors';
import { REGISTRY } from './installation.ts';

const versions = z.record(z.string(), z.string());
const pushed = z.record(
  z.string(),
  z.string().regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/, 'must read 0.1.0@sha256: and 64 hexadecimal digits'),
);

/** Which image a pod of each name runs: what was pushed last, and by version alone where nothing was pushed yet. */
export interface Images {
  version(name: string): string;
  /** `registry/name:version@digest`; without a digest only before the first push. */
  reference(name: string): string;
}

/**
 * Reads which version is wanted (`versions.yaml`), and what was pushed (`digests.yaml`, a line an image:
 * `render-tts: 0.1.0@sha256:…`).
 *
 * @throws Permanent `digests-invalid`
 */
export function readImages(options: {
  versions: string;
  digests: string;
  /** Version of what `versions.yaml` does not name: the platform's image. */
  platform: string;
}): Images {
  const known = versions.parse(parse(options.versions) ?? {});
  const digests = pushed.safeParse(parse(options.digests) ?? {});
  if (!digests.success) {
    const faults = digests.error.issues.map(
      ({ path, message }) => `digests.yaml: ${path.join('.')}: ${message}`,
    );
    throw new Permanent('digests-invalid', faults.join('\n'));
  }
  // Between the bump of a version and its push the new tag is in no registry: a cluster that asks for it would wait.
  const runs = (name: string) => digests.data[name] ?? known[name] ?? options.platform;
  return {
    version: (name) => runs(name).split('@')[0] ?? '',
    reference: (name) => `${REGISTRY}/${name}:${runs(name)}`,
  };
}
