import mime from 'mime';

/** The media type that a key's extension stands for; `application/octet-stream` where it says nothing. */
export function mediaTypeOf(key: string): string {
  return mime.getType(key) ?? 'application/octet-stream';
}
