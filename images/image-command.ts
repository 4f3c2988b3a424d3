/** A program that builds images, as it was found on this machine. */
export type Builder = 'docker' | 'podman';

export interface ImageRequest {
  /** Of a function, or `platform`. */
  readonly name: string;
  readonly version: string;
  readonly target: string;
  /** `ghcr.io/millrace`. */
  readonly registry: string;
  /** `linux/amd64`, `linux/arm64`; none: that of this machine. */
  readonly platforms: readonly string[];
  /** Pushed with its bill of materials and its provenance, or kept on this machine. */
  readonly to: 'registry' | 'machine';
  /** The commit that it is built from, where that is known. */
  readonly revision?: string | undefined;
}

export const DOCKERFILE = 'images/Dockerfile';

/** The command that builds the image, to be run in the project's folder. */
export function imageCommand(builder: Builder, request: ImageRequest): readonly string[] {
  const { name, version, target, registry, platforms, to, revision } = request;
  const tag = `${registry}/${name}:${version}`;
  const common = [
    ...['--file', DOCKERFILE, '--target', target],
    ...['--build-arg', `FUNCTION=${name}`, '--build-arg', `VERSION=${version}`],
    ...(revision === undefined ? [] : ['--label', `org.opencontainers.image.revision=${revision}`]),
    ...(platforms.length === 0 ? [] : ['--platform', platforms.join(',')]),
  ];
  if (builder === 'docker') {
    const out = to === 'registry' ? ['--push', '--sbom=true', '--provenance=mode=max'] : ['--load'];
    return ['docker', 'buildx', 'build', ...common, '--tag', tag, ...out, '.'];
  }
  // HEALTHCHECK is a word of Docker's format; an image for several machines is a manifest.
  const as = platforms.length > 1 ? ['--manifest', tag] : ['--tag', tag];
  return ['podman', 'build', '--format', 'docker', ...common, ...as, '.'];
}

/** As a shell takes it. */
export const asLine = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
