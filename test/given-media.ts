import { createCanvas } from '@napi-rs/canvas';
import type { ArtifactRef } from '#shared/events';
import type { Emit } from '#shared/function';
import type { TestBench } from './function-harness.ts';

const settings = { format: 'long', width: 320, height: 180, fps: 30, seconds: 60, language: 'en' } as const;

/** Three pictures of one colour each, in the formats that people send. */
const colours = { 'a.png': '#c02020', 'b.jpg': '#20c020', 'c.webp': '#2020c0' } as const;
export type PictureName = keyof typeof colours;

/** A stereo WAV at 22,050 Hz with a tone. */
export function tone(seconds: number): Buffer {
  const samples = Math.round(seconds * 22_050);
  const bytes = Buffer.alloc(44 + samples * 4);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples * 4, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(22_050, 24);
  bytes.writeUInt32LE(88_200, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples * 4, 40);
  for (let at = 0; at < samples; at++) {
    const value = Math.round(9_000 * Math.sin((2 * Math.PI * 440 * at) / 22_050));
    bytes.writeInt16LE(value, 44 + at * 4);
    bytes.writeInt16LE(value, 46 + at * 4);
  }
  return bytes;
}

/** A picture of 640 × 400 pixels, as an artifact. */
export async function givenPicture(bench: TestBench, name: PictureName): Promise<ArtifactRef> {
  const canvas = createCanvas(640, 400);
  const context = canvas.getContext('2d');
  context.fillStyle = colours[name];
  context.fillRect(0, 0, 640, 400);
  switch (name) {
    case 'a.png':
      return await bench.artifact(name, await canvas.encode('png'));
    case 'b.jpg':
      return await bench.artifact(name, await canvas.encode('jpeg'));
    case 'c.webp':
      return await bench.artifact(name, await canvas.encode('webp'));
  }
}

/** All three of them. */
export async function givenPictures(bench: TestBench): Promise<ArtifactRef[]> {
  return await Promise.all((Object.keys(colours) as PictureName[]).map((name) => givenPicture(bench, name)));
}

/** What somebody asks for who brings sound and pictures. */
export async function assemblyRequest(
  bench: TestBench,
  given: { audio: Buffer; pictures: readonly ArtifactRef[] },
): Promise<Emit> {
  const audio = await bench.artifact('sound.wav', given.audio);
  const data = { settings, title: 'Three boxes', audio, pictures: [...given.pictures] };
  return { type: 'pipeline.assembly.requested', data };
}
