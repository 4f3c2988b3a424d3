import type { UrlSigner } from '#shared/auth';
import type { Clock } from '#shared/function';
import type { ArtifactView } from '#shared/ledger';
import type { Artifact } from '../schemas/pipeline.ts';

const HOUR_MS = 3_600_000;

/** Where an artifact is read: its part stands before its name. */
export function artifactPath(
  run: string,
  { name, part }: { name: string; part?: string | undefined },
): string {
  const segments = part === undefined ? [name] : [part, name];
  return `/api/pipelines/${run}/artifacts/${segments.map(encodeURIComponent).join('/')}`;
}

/** The newest of those that share a name and a part: a retried step may have made it twice. */
export function latestArtifacts(all: readonly ArtifactView[]): ArtifactView[] {
  return [...new Map(all.map((artifact) => [`${artifact.part ?? ''}\n${artifact.name}`, artifact])).values()];
}

export async function artifactOf({
  run,
  artifact,
  signer,
  clock,
}: {
  run: string;
  artifact: ArtifactView;
  signer: UrlSigner;
  clock: Clock;
}): Promise<Artifact> {
  const { name, part, type, bytes, sha256 } = artifact;
  const href = artifactPath(run, { name, part });
  return {
    name,
    ...(part === undefined ? {} : { part }),
    step: artifact.function,
    href,
    signedHref: await signer.sign({ method: 'GET', path: href, expiresAt: linkExpiry(clock.now()) }),
    type,
    bytes,
    sha256,
  };
}

/** The end of the next full hour: the same link all the hour long, so that browsers can keep what they loaded. */
export function linkExpiry(now: Date): Date {
  return new Date((Math.floor(now.getTime() / HOUR_MS) + 2) * HOUR_MS);
}
