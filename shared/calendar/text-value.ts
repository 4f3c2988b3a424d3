/** Controls except line breaks, and what turns the direction of text around. */
const CONTROLS = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text as iCalendar escapes it (RFC 5545, section 3.3.11), cut to `max` characters, without controls. */
export function readText(value: string, { max, lines = false }: { max: number; lines?: boolean }): string {
  const plain = value
    .slice(0, max * 8)
    .replaceAll(/\\([\\;,nN])/g, (_, letter: string) => (letter === 'n' || letter === 'N' ? '\n' : letter))
    .toWellFormed()
    .normalize('NFC');
  const shown = (lines ? plain : plain.replaceAll(/\s+/g, ' ')).replaceAll(CONTROLS, '').trim();
  return shown.slice(0, max).toWellFormed().trim();
}

/** The inverse: what is written is one line. */
export function writeText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(CONTROLS, '')
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n');
}
