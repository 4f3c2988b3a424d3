import { Permanent } from '#shared/errors';

/** The largest text that is taken, in bytes. */
const MAX_TEXT_BYTES = 200 * 1024;

/**
 * Reads uploaded bytes as text.
 * @throws Permanent `script-too-large`, `script-not-text`, `script-empty`
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.byteLength > MAX_TEXT_BYTES) {
    throw new Permanent(
      'script-too-large',
      `The script has ${bytes.byteLength} bytes; at most ${MAX_TEXT_BYTES} are taken. Split it into several videos.`,
      { field: 'script' },
    );
  }
  if (bytes.includes(0)) throw notText('it holds a NUL byte, as binary files do');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notText('its bytes are not UTF-8', cause);
  }
  if (text.trim() === '') {
    throw new Permanent('script-empty', 'The script is empty; write at least one sentence.', {
      field: 'script',
    });
  }
  return text;
}

function notText(reason: string, cause?: unknown): Permanent {
  return new Permanent(
    'script-not-text',
    `The script is not text: ${reason}. Save it as Markdown or plain text in UTF-8.`,
    { field: 'script', ...(cause === undefined ? {} : { cause }) },
  );
}
