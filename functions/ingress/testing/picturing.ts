import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { createCanvas } from '@napi-rs/canvas';
import type { FunctionDefinition } from '#shared/function';
import { createPictureFiles } from '#shared/pictures';
import { type Enrolled, enrolOne } from './enrolled.ts';
import { expectNoErrors } from './expect-no-errors.ts';
import { openFrontDoor } from './front-door.ts';
import { workerAt } from './worker.ts';

/** A picture as its owner is shown it. */
export interface Picture {
  readonly id: string;
  readonly state: string;
  readonly refusal?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sizes: readonly { name: string; width: number; height: number; bytes: number; href: string }[];
}

interface Sent {
  readonly path?: string;
  readonly type?: string;
  readonly key?: string;
}

/** A front door, who works on what is sent to it, and Ann, who sends pictures. */
export async function openPicturing(functions: readonly Pick<FunctionDefinition, 'name'>[]) {
  const door = await openFrontDoor();
  const pictureFiles = createPictureFiles({ store: door.artifacts });
  const worker = await workerAt(door, functions, { pictureFiles });

  /** On a connection of its own: the door closes one on which more comes than it reads. */
  async function sent(
    who: Enrolled,
    bytes: Buffer,
    { path = '/media', type = 'image/jpeg', key }: Sent = {},
  ): Promise<Response> {
    const headers = {
      authorization: `Bearer ${await door.token(who.id)}`,
      'content-type': type,
      'content-length': bytes.length,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const answered = Promise.withResolvers<IncomingMessage>();
    request(new URL(path, door.url), { method: 'POST', agent: false, headers })
      .on('response', answered.resolve)
      .on('error', answered.reject)
      .end(bytes);
    const answer = await answered.promise;
    const named = Object.entries(answer.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
    return new Response(await text(answer), { status: answer.statusCode ?? 0, headers: named });
  }

  /** What becomes of it. */
  async function made(who: Enrolled, bytes: Buffer, options: Sent = {}): Promise<Picture> {
    const answer = await sent(who, bytes, options);
    if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
    const { id } = (await answer.json()) as Picture;
    await worker.workOff();
    return (await (await who.ask(`/media/${id}`)).json()) as Picture;
  }

  const bytesAt = async (href: string) => Buffer.from(await (await door.ask(href)).arrayBuffer());
  const keysUnder = async (prefix: string) =>
    (await door.artifacts.list(prefix)).objects.map(({ key }) => key);

  async function close(): Promise<void> {
    expectNoErrors(door);
    await worker.close();
    await door.close();
  }

  const [ann, photo] = [await enrolOne(door), await redAboveBlue()];
  return { door, worker, ann, photo, sent, made, bytesAt, keysUnder, close };
}

/** 1200 × 800: red above, blue below. */
async function redAboveBlue(): Promise<Buffer> {
  const canvas = createCanvas(1_200, 800);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ff0000';
  context.fillRect(0, 0, 1_200, 400);
  context.fillStyle = '#0000ff';
  context.fillRect(0, 400, 1_200, 400);
  return await canvas.encode('jpeg', 95);
}

/** With Exif: how it was held, and a place (a text that must be found nowhere afterwards). */
export function withExif(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write('MM\0*', 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  const segment = (marker: number, body: Buffer) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([head, body]);
  };
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from('GPS 48.8584N 2.2945E')]);
  const comment = segment(0xfe, Buffer.from('SECRET-COMMENT'));
  return Buffer.concat([jpeg.subarray(0, 2), segment(0xe1, exif), comment, jpeg.subarray(2)]);
}
