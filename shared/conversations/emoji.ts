/** One emoji as Unicode recommends it for interchange (UTS 51, ED-27), however many code points that takes. */
const ONE_EMOJI = /^\p{RGI_Emoji}$/v;
/** Drawn as text where nothing follows that says otherwise; before a colour of skin nothing must. */
const NEEDS_SELECTOR = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu;
/** The longest has ten code points (UTS 51), two of which may be pairs of surrogates. */
const LONGEST = 40;

/**
 * The emoji that a text is, in its full spelling; undefined where it is none, or more than one. Keyboards leave the
 * variation selector out (UTS 51, ED-18): so one heart is not another.
 */
export function readEmoji(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  if (ONE_EMOJI.test(text)) return text;
  const spelled = text.replaceAll('\ufe0f', '').replaceAll(NEEDS_SELECTOR, '$&\ufe0f');
  return ONE_EMOJI.test(spelled) ? spelled : undefined;
}
