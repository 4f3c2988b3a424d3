import anyAscii from 'any-ascii';

/** Curly quotes, primes, dashes and the minus sign in their plain forms; everything else stays. */
export function foldPunctuation(word: string): string {
  return word
    .replace(/[‘’‚‛ʼ′`´]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―−﹘﹣－]/g, '-')
    .replace(/…/g, '...')
    .replace(/＋/g, '+');
}

/** Any script to ASCII: é → e, ß → ss, Привет → Privet; what has no counterpart is dropped. */
export function foldToAscii(word: string): string {
  return anyAscii(foldPunctuation(word)).replace(/[^\x20-\x7e]/g, '');
}
