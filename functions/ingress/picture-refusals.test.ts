import { afterAll, describe, expect, it } from 'vitest';
import cleanPictures from '../media/clean-pictures/function.ts';
import ingestImage from '../media/ingest-image/function.ts';
import { problemIn } from './testing/front-door.ts';
import { openPicturing } from './testing/picturing.ts';

const { ann, photo, sent, made, keysUnder, close } = await openPicturing([cleanPictures, ingestImage]);
afterAll(close);

describe('what is sent as a picture and is none', () => {
  const png = (width: number, height: number) => {
    const head = Buffer.from('89504e470d0a1a0a0000000d4948445200000000000000000802000000', 'hex');
    head.writeUInt32BE(width, 16);
    head.writeUInt32BE(height, 20);
    return Buffer.concat([head, Buffer.alloc(64)]);
  };
  it.each<[what: string, bytes: () => Buffer, code: string]>([
    [
      'words',
      () => Buffer.from('no picture, but long enough to be one, or so it seems'),
      'picture-unreadable',
    ],
    [
      'a page that calls out',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
      'picture-unreadable',
    ],
    ['a header alone', () => photo.subarray(0, 200), 'picture-unreadable'],
    ['a bomb of 4 gigapixels', () => png(65_535, 65_535), 'picture-too-large'],
    ['a bomb of one row', () => png(2_000_000, 10), 'picture-too-large'],
    ['no pixels', () => png(0, 10), 'picture-unreadable'],
  ])('%s: its owner is told why', async (_, bytes, code) => {
    const picture = await made(ann, bytes());
    expect(picture).toMatchObject({ state: 'refused', refusal: code, sizes: [] });
    expect(await keysUnder(`pictures/${ann.id}/${picture.id}/`)).toEqual([]);
  });

  it.each<[what: string, bytes: () => Buffer, type: string, status: number]>([
    ['nothing', () => Buffer.alloc(0), 'image/png', 400],
    ['JSON without an upload', () => Buffer.from('{}'), 'application/json', 400],
    ['a GIF', () => Buffer.from('GIF89a'), 'image/gif', 415],
    ['21 MB', () => Buffer.alloc(21 * 2 ** 20), 'image/png', 413],
  ])('%s is refused at the door, and leaves nothing', async (_, bytes, type, status) => {
    const before = await keysUnder(`pictures/${ann.id}/`);
    const answer = await sent(ann, bytes(), { type });
    expect([answer.status, (await problemIn(answer)).status]).toEqual([status, status]);
    expect(await keysUnder(`pictures/${ann.id}/`)).toEqual(before);
  });
});
