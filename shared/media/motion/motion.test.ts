import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { compileResampler } from './build-wasm.ts';
import { cameraPath } from './camera.ts';
import { seeded } from './seeded.ts';
import { createStage, type Stage } from './stage.ts';

/** An RGBA picture from a function of its place, grey. */
function grey(width: number, height: number, value: (x: number, y: number) => number) {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const level = Math.round(value(at % width, Math.floor(at / width)));
    rgba.set([level, level, level, 255], at * 4);
  }
  return { width, height, rgba };
}

const size = { width: 320, height: 180 };

test('the checked-in module is what its source compiles to', async () => {
  const url = new URL('./resampler.generated.ts', import.meta.url);
  expect(await readFile(url, 'utf8')).toBe(await compileResampler());
});

describe('cameraPath', () => {
  const paths = Array.from({ length: 60 }, (_, seed) => [0.5, 2, 7, 40, 200][seed % 5] ?? 7).map(
    (seconds, seed) => ({
      seconds,
      look: cameraPath({ seconds, random: seeded(`scene ${seed}`) }),
    }),
  );

  test('stays inside the picture, without ever being stopped by its edge', () => {
    for (const { look } of paths) {
      for (let at = 0; at <= 1; at += 0.005) {
        const { zoom, x, y } = look(at);
        expect(zoom).toBeGreaterThan(1);
        expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThan(1);
      }
    }
  });

  test('never stands still for a second, never jumps', () => {
    for (const { seconds, look } of paths.filter((path) => path.seconds >= 2)) {
      const frames = seconds * 30;
      const edges = Array.from({ length: frames }, (_, frame) => edgesOf(look((frame + 0.5) / frames)));
      for (let frame = 1; frame < frames; frame++) {
        const moved = distance(edges[frame], edges[frame - 1]);
        expect(moved).toBeLessThan(0.004); // of the frame's width: 8 px at 1080p
        if (frame >= 30) expect(distance(edges[frame], edges[frame - 30])).toBeGreaterThan(0.0005);
      }
    }
  });

  test('is the same for the same seed and differs between seeds', () => {
    const path = (seed: string) => JSON.stringify(cameraPath({ seconds: 7, random: seeded(seed) })(0.8));
    expect(path('a')).toBe(path('a'));
    expect(new Set(Array.from({ length: 30 }, (_, index) => path(String(index)))).size).toBe(30);
  });

  function edgesOf({ zoom, x, y }: { zoom: number; x: number; y: number }): number[] {
    const room = (1 - 1 / zoom) / 2;
    return [room * (1 + x), room * (1 + x) + 1 / zoom, room * (1 + y), room * (1 + y) + 1 / zoom];
  }
  function distance(a: readonly number[] | undefined, b: readonly number[] | undefined): number {
    return Math.max(...(a ?? []).map((value, index) => Math.abs(value - (b?.[index] ?? 0))));
  }
});

describe('the resampler', () => {
  test('a plain picture stays plain to its last pixel, in every plane and at every place', () => {
    const picture = { width: 350, height: 198, rgba: new Uint8ClampedArray(350 * 198 * 4) };
    for (let at = 0; at < picture.rgba.length; at += 4) picture.rgba.set([200, 60, 30, 255], at);
    const stage = createStage({ ...size, picture, overlayPixels: 0 });
    for (const [zoom, x, y] of [
      [1, 0, 0],
      [1, -1, -1],
      [1.2, 1, 1],
      [1.13, 0.37, -0.81],
    ] as const) {
      stage.shoot({ zoom, x, y });
      const luma = new Set(stage.frame.subarray(0, 320 * 180));
      const blue = new Set(stage.frame.subarray(320 * 180, 320 * 180 * 1.25));
      const red = new Set(stage.frame.subarray(320 * 180 * 1.25));
      // ITU-R BT.709-6 of (200, 60, 30), limited range: Y 91.2, Cb 100.7, Cr 190.7.
      expect([[...luma], [...blue], [...red]]).toEqual([[91], [101], [191]]);
    }
  });

  test('follows the camera to a fiftieth of a pixel, frame by frame', () => {
    const [width, height] = [350, 198];
    const soft = (x: number, y: number) => 20 + 220 * Math.exp(-((x - 190) ** 2 + (y - 101) ** 2) / 60);
    const stage = createStage({ ...size, picture: grey(width, height, soft), overlayPixels: 0 });
    for (let frame = 0; frame < 60; frame++) {
      const view = { zoom: 1.1 + frame * 0.001, x: -0.4 + frame * 0.011, y: 0.3 - frame * 0.007 };
      stage.shoot(view);
      const step = width / (view.zoom * size.width);
      const left = ((width - step * size.width) / 2) * (1 + view.x);
      const top = ((height - step * size.height) / 2) * (1 + view.y);
      const found = centroid(stage, 20);
      expect(Math.abs(found.x - ((190.5 - left) / step - 0.5))).toBeLessThan(0.02);
      expect(Math.abs(found.y - ((101.5 - top) / step - 0.5))).toBeLessThan(0.02);
    }
  });

  test.each([
    { width: 180, height: 320 },
    { width: 182, height: 182 },
    { width: 322, height: 180 },
  ])('fills $width × $height, which no block of eight divides', (frame) => {
    const [width, height] = [frame.width + 30, frame.height + 30];
    const stage = createStage({
      ...frame,
      picture: grey(width, height, (x) => (x / width) * 255),
      overlayPixels: 0,
    });
    stage.shoot({ zoom: 1.02, x: 0.2, y: 0 });
    for (let row = 0; row < frame.height; row += 17) {
      const line = stage.frame.subarray(row * frame.width, (row + 1) * frame.width);
      for (let x = 1; x < frame.width; x++)
        expect((line[x] ?? 0) - (line[x - 1] ?? 0)).toBeOneOf([0, 1, 2, 3]);
    }
  });

  function centroid(stage: Stage, background: number): { x: number; y: number } {
    const floor = 16 + (background * 219) / 255 + 1;
    let [mass, sumX, sumY] = [0, 0, 0];
    for (let at = 0; at < size.width * size.height; at++) {
      const weight = Math.max(0, (stage.frame[at] ?? 0) - floor);
      mass += weight;
      sumX += weight * (at % size.width);
      sumY += weight * Math.floor(at / size.width);
    }
    return { x: sumX / mass, y: sumY / mass };
  }
});

describe('overlays', () => {
  const box = { x: 32, y: 100, width: 64, height: 20 };
  const at = (x: number, y: number) => y * size.width + x;

  test.each([
    [1, 235],
    [0.5, 180],
    [0, 125],
  ])('white at opacity %d over middle grey', (opacity, expected) => {
    const stage = createStage({ ...size, picture: grey(350, 198, () => 127), overlayPixels: 64 * 20 });
    stage.shoot({ zoom: 1.1, x: 0, y: 0 });
    const before = Buffer.from(stage.frame);
    stage.take({ rgba: new Uint8ClampedArray(64 * 20 * 4).fill(255), box, opacity });
    stage.lay();
    expect(stage.frame[at(40, 110)]).toBeCloseTo(expected, -0.5);
    // Outside of its box nothing changes.
    for (const [x, y] of [
      [31, 110],
      [96, 110],
      [40, 99],
      [40, 120],
    ] as const) {
      expect(stage.frame[at(x, y)]).toBe(before[at(x, y)]);
    }
  });

  test('a dip goes all the way to its colour and not beyond', () => {
    const stage = createStage({ ...size, picture: grey(350, 198, (x) => x % 255), overlayPixels: 0 });
    stage.shoot({ zoom: 1.1, x: 0, y: 0 });
    stage.dip({ y: 200, u: 90, v: 160 }, 1);
    expect(new Set(stage.frame)).toEqual(new Set([200, 90, 160]));
  });
});
