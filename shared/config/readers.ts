import { Secret } from './secret.ts';

/**
 * Reads the text of one variable; undefined where it is refused. Plain functions: what is to be said of a wrong value
 * stands beside the variable, and schemas of all of them would be made anew by each cold start.
 */
export type Reader<Value> = (text: string) => Value | undefined;

/** Digits, within a range. */
export function whole({ min, max }: { min: number; max: number }): Reader<number> {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  };
}

export function matching(pattern: RegExp): Reader<string> {
  return (text) => (pattern.test(text) ? text : undefined);
}

export function oneOf<const Word extends string>(words: readonly Word[]): Reader<Word> {
  return (text) => words.find((word) => word === text);
}

/** What nothing may show. */
export function secret(read: Reader<string>): Reader<Secret> {
  return (text) => {
    const value = read(text);
    return value === undefined ? undefined : new Secret(value);
  };
}

const YES = ['true', '1', 'yes', 'on'];
const NO = ['false', '0', 'no', 'off'];

export const yesOrNo: Reader<boolean> = (text) =>
  YES.includes(text) ? true : NO.includes(text) ? false : undefined;

export const path: Reader<string> = (text) => (text.includes('\0') ? undefined : text);

export const postgresUrl = secret((text) =>
  ['postgres:', 'postgresql:'].includes(URL.parse(text)?.protocol ?? '') ? text : undefined,
);

/** Without user and password: an address is shown in messages and logs. */
export const httpUrl: Reader<string> = (text) => {
  const { protocol = '', username = '', password = '' } = URL.parse(text) ?? {};
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '' ? text : undefined;
};

/** Without query and fragment, and without a slash at its end: paths are put behind it. */
export const baseUrl: Reader<string> = (text) =>
  /[?#]/.test(text) ? undefined : httpUrl(text)?.replace(/\/+$/, '');

/** Of the value that takes its place, what a name in braces is checked with: it may stand behind the host alone. */
const APP_LINK = /\{(path|kind|subject|notification)\}/g;

/** A template of links into somebody's app; a plain address has paths put behind it. */
export const appUrl: Reader<string> = (text) => {
  const template = text.includes('{') ? text : `${text.replace(/\/+$/, '')}{path}`;
  const filled = (word: string): string =>
    template.replace(APP_LINK, (_, name: string) => (name === 'path' ? `/${word}` : word));
  const [one, other] = ['a', 'b'].map((word) => URL.parse(filled(word)));
  const isPlain = /^[^{}\s]+$/.test(filled('a')) && (text.includes('{') || !/[?#]/.test(text));
  const isOneHost = one !== null && other !== null && one?.origin === other?.origin;
  return isPlain && isOneHost && httpUrl(filled('a')) !== undefined ? template : undefined;
};

export const smtpUrl = secret((text) => {
  const { protocol = '', hostname = '', search = '' } = URL.parse(text) ?? {};
  const isGood = ['smtp:', 'smtps:'].includes(protocol) && hostname !== '' && /^(\?tls=off)?$/.test(search);
  return isGood ? text : undefined;
});

const MAILBOX = '[^\\s<>@,;:"\\p{Cc}]{1,64}@[A-Za-z0-9.-]{1,180}';
const SENDER = new RegExp(`^(?:([^<>"\\p{Cc}]{1,100}?)\\s*<(${MAILBOX})>|(${MAILBOX}))$`, 'u');

/** An address, or a name with an address in brackets. */
export const mailbox: Reader<{ name: string; address: string }> = (text) => {
  const found = SENDER.exec(text);
  if (found === null) return undefined;
  const [, name = '', named, alone = ''] = found;
  return { name: name.trim(), address: named ?? alone };
};

const NETWORK = /^[0-9A-Fa-f.:]{2,45}(?:\/\d{1,3})?$/;

/** Networks and addresses with commas between them; whether each is one is told where they are used. */
export const networks: Reader<readonly string[]> = (text) => {
  const all = text.split(',').map((network) => network.trim());
  return all.length <= 50 && all.every((network) => NETWORK.test(network)) ? all : undefined;
};
