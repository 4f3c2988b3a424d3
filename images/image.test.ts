import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asLine, type ImageRequest, imageCommand } from './image-command.ts';

const program = fileURLToPath(new URL('./image.ts', import.meta.url));
const request: ImageRequest = {
  ...{ name: 'render-tts', version: '0.1.0', target: 'ffmpeg', registry: 'ghcr.io/millrace' },
  platforms: [],
  to: 'machine',
};

describe('the command that builds an image', () => {
  it('names Dockerfile, target and what is in it, and keeps the image on this machine', () => {
    expect(asLine(imageCommand('docker', request))).toBe(
      'docker buildx build --file images/Dockerfile --target ffmpeg --build-arg FUNCTION=render-tts ' +
        '--build-arg VERSION=0.1.0 --tag ghcr.io/millrace/render-tts:0.1.0 --load .',
    );
  });

  it('for a registry has both architectures, a bill of materials and its provenance', () => {
    const platforms = ['linux/amd64', 'linux/arm64'];
    const line = asLine(imageCommand('docker', { ...request, platforms, to: 'registry', revision: 'abc' }));
    expect(line).toContain('--platform linux/amd64,linux/arm64');
    expect(line).toContain('--push --sbom=true --provenance=mode=max');
    expect(line).toContain('--label org.opencontainers.image.revision=abc');
  });

  it('of Podman keeps the health check, and makes a manifest of several', () => {
    expect(asLine(imageCommand('podman', request))).toContain('podman build --format docker --file');
    const platforms = ['linux/amd64', 'linux/arm64'];
    expect(asLine(imageCommand('podman', { ...request, platforms }))).toContain('--manifest ghcr.io');
  });

  it('is quoted for a shell', () => {
    expect(asLine(['docker', "it's"])).toBe("docker 'it'\\''s'");
  });
});

describe('npm run image', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-image-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** On a machine that has these programs and no others. */
  async function image(words: readonly string[], has: Readonly<Record<string, string>> = {}) {
    const bin = await mkdtemp(join(folder, 'bin-'));
    for (const [name, script] of Object.entries(has)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
      await chmod(join(bin, name), 0o755);
    }
    const child = spawn(process.execPath, [program, ...words], { env: { PATH: bin }, stdio: 'pipe' });
    const said = { out: '', err: '' };
    for (const [stream, to] of [
      [child.stdout, 'out'],
      [child.stderr, 'err'],
    ] as const)
      stream.setEncoding('utf8').on('data', (text: string) => {
        said[to] += text;
      });
    const [code] = (await once(child, 'close')) as [number];
    return { code, ...said };
  }

  it('says exactly what it would run where nothing can build, and tells so by its exit code', async () => {
    const { code, err } = await image(['render-tts']);
    expect(code).toBe(3);
    expect(err).toContain('docker buildx build --file images/Dockerfile --target ffmpeg');
  });

  it('prints the command when it is asked to, and runs nothing', async () => {
    const { code, out } = await image(['platform', '--print', '--platform', 'linux/arm64']);
    expect(code).toBe(0);
    expect(out).toMatch(/^docker buildx build .*--target platform .*--platform linux\/arm64 .* \.\n$/);
  });

  it('takes Podman where Docker’s daemon is away, and hands on its exit code', async () => {
    const podman = '[ "$1" = info ] && exit 0\necho "built: $*"\nexit 7';
    const { code, out } = await image(['keyword-fetch'], { docker: 'exit 1', podman });
    expect(out).toContain('built: build --format docker --file images/Dockerfile --target cpu');
    expect(code).toBe(7);
  });

  it.each([
    ['no name', [], 2, 'npm run image -- <function|platform>'],
    ['two names', ['render-tts', 'mux-video'], 2, 'npm run image -- <function|platform>'],
    ['a function that is not there', ['render-opera'], 1, 'events.yaml has no function "render-opera"'],
  ])('of %s refuses, and says what it takes', async (_, words, expected, told) => {
    const { code, err } = await image(words);
    expect(code).toBe(expected);
    expect(err).toContain(told);
  });
});
