import { Permanent } from '#shared/errors';

export interface FileKind {
  readonly kind: 'script' | 'picture' | 'sound' | 'video' | 'calendar';
  /** Media type (RFC 6838). */
  readonly type: string;
  readonly maxBytes: number;
  /** Do the first bytes look like it? */
  readonly looksRight: (head: Buffer) => boolean;
}

const MB = 1024 * 1024;

const script = { kind: 'script', maxBytes: 200_000, looksRight: isText } as const;
const picture = { kind: 'picture', maxBytes: 50 * MB } as const;
const sound = { kind: 'sound', maxBytes: 500 * MB } as const;
const video = { kind: 'video', maxBytes: 2_048 * MB } as const;

const latin = (head: Buffer, start: number, end: number): string => head.toString('latin1', start, end);
const isRiff = (name: string) => (head: Buffer) =>
  latin(head, 0, 4) === 'RIFF' && latin(head, 8, 12) === name;
const isMp4 = (head: Buffer): boolean => latin(head, 4, 8) === 'ftyp';

/** By extension. Bytes that begin otherwise are refused: the name decides who reads them. */
const kinds: Readonly<Record<string, FileKind>> = {
  md: { ...script, type: 'text/markdown' },
  json: { ...script, type: 'application/json' },
  png: { ...picture, type: 'image/png', looksRight: (head) => latin(head, 0, 8) === '\x89PNG\r\n\x1a\n' },
  jpg: { ...picture, type: 'image/jpeg', looksRight: isJpeg },
  jpeg: { ...picture, type: 'image/jpeg', looksRight: isJpeg },
  webp: { ...picture, type: 'image/webp', looksRight: isRiff('WEBP') },
  wav: { ...sound, type: 'audio/wav', looksRight: isRiff('WAVE') },
  mp3: {
    ...sound,
    type: 'audio/mpeg',
    looksRight: (head) =>
      latin(head, 0, 3) === 'ID3' || (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0),
  },
  m4a: { ...sound, type: 'audio/mp4', looksRight: isMp4 },
  ogg: { ...sound, type: 'audio/ogg', looksRight: (head) => latin(head, 0, 4) === 'OggS' },
  flac: { ...sound, type: 'audio/flac', looksRight: (head) => latin(head, 0, 4) === 'fLaC' },
  mp4: { ...video, type: 'video/mp4', looksRight: isMp4 },
  mov: { ...video, type: 'video/quicktime', looksRight: isMp4 },
  webm: { ...video, type: 'video/webm', looksRight: (head) => latin(head, 0, 4) === '\x1a\x45\xdf\xa3' },
  ics: { kind: 'calendar', maxBytes: 5 * MB, type: 'text/calendar', looksRight: isCalendar },
};

/** @throws Permanent `file-kind-unknown` */
export function kindOf(name: string): FileKind {
  const extension = name.split('.').at(-1)?.toLowerCase() ?? '';
  const found = Object.hasOwn(kinds, extension) ? kinds[extension] : undefined;
  if (found !== undefined && name.includes('.')) return found;
  throw new Permanent(
    'file-kind-unknown',
    `"${name.slice(0, 100)}" cannot be taken; names end in one of: ${Object.keys(kinds).join(', ')}.`,
    { field: 'name' },
  );
}

/** How many bytes {@link FileKind.looksRight} wants to see. */
export const HEAD_BYTES = 4_096;

function isCalendar(head: Buffer): boolean {
  return /^(?:\xef\xbb\xbf)?begin:vcalendar/i.test(latin(head, 0, 20));
}

function isJpeg(head: Buffer): boolean {
  return head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;
}

/** UTF-8 without binary; a character that the end of the look cuts is no error. */
function isText(head: Buffer): boolean {
  if (head.length === 0) return false;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused
    return !/[\u0000-\u0008\u000b\u000e-\u001f]/.test(text);
  } catch {
    return false;
  }
}
