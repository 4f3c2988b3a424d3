import type { RunRows } from '#shared/ledger';

const MASK = '[secret]';
/** A shorter one is a word like others: taking it out would take the run's own words out. */
const SHORTEST = 6;

/** What gives rights, whoever's it is; the first group stays. */
const SHAPES: readonly RegExp[] = [
  // JSON Web Tokens (RFC 7519), ours among them.
  /()\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /(\bBearer\s+)[\w.~+/=-]{8,}/gi,
  // user:password@ in a URL.
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]+(?=@)/gi,
  // Signed URLs.
  /([?&](?:x-amz-(?:signature|credential|security-token)|signature|token|access_token|api[_-]?key|key|sig)=)[^&\s"']+/gi,
  /(\b(?:password|passwd|secret|api[_-]?key|access[_-]?token)=)[^\s,;"'&}]{3,}/gi,
  /()\bsk-[\w-]{16,}/g,
  /()\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
];

/** Takes secrets out of texts, and finds them in files. */
export interface Masking {
  /** The rows without secrets in anything that people or programs wrote. */
  rows(rows: RunRows): RunRows;
  text(text: string): string;
  /** How many were taken out so far. */
  taken(): number;
  /** Whether a file's bytes hold a secret that is known, or a token. */
  isIn(file: AsyncIterable<Uint8Array>): Promise<boolean>;
}

/** @param known secrets of this installation; those under 6 characters are passed over */
export function createMasking(known: readonly string[]): Masking {
  // The longest first: one may be a part of another.
  const words = [...new Set(known)].filter((word) => word.length >= SHORTEST);
  words.sort((a, b) => b.length - a.length);
  let taken = 0;
  const take = (): string => {
    taken += 1;
    return MASK;
  };

  const text = (value: string): string => {
    let masked = value;
    for (const word of words) masked = masked.replaceAll(word, take);
    for (const shape of SHAPES) masked = masked.replace(shape, (_, before: string) => `${before}${take()}`);
    return masked;
  };

  const deep = <Value>(value: Value): Value => {
    const masked = ((): unknown => {
      if (typeof value === 'string') return text(value);
      if (Array.isArray(value)) return value.map(deep);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), deep(inner)]));
    })();
    return masked as Value;
  };

  return {
    text,
    taken: () => taken,
    rows: (rows) => ({
      ...rows,
      run: {
        ...rows.run,
        ...deep({ title: rows.run.title, labels: rows.run.labels, failure: rows.run.failure }),
      },
      event: rows.event.map((event) => ({ ...event, ...deep({ subject: event.subject, data: event.data }) })),
      delivery: rows.delivery.map((one) => ({
        ...one,
        ...deep({ message: one.message, reply: one.reply, error: one.error }),
      })),
      attempt: rows.attempt.map((one) => ({ ...one, error: deep(one.error) })),
    }),
    async isIn(file) {
      const longest = Math.max(4_096, ...words.map((word) => Buffer.byteLength(word)));
      const token = new RegExp(SHAPES[0]?.source ?? '(?!)');
      const sought = words.map((word) => Buffer.from(word).toString('latin1'));
      let before = '';
      for await (const chunk of file) {
        const here = before + Buffer.from(chunk).toString('latin1');
        if (token.test(here) || sought.some((word) => here.includes(word))) return true;
        before = here.slice(-longest);
      }
      return false;
    },
  };
}
