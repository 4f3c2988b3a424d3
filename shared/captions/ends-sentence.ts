/** Words that are written with a full stop in the middle of a sentence: titles before a name, and pointers. */
const ABBREVIATION =
  /^["'“‘(]*(?:Dr|Mr|Mrs|Ms|Mx|Prof|Rev|Hon|Gen|Col|Sgt|Capt|Lt|Gov|Sen|Pres|St|Mt|No|Fig|Vol|vs|ca|cf|approx|e\.g|i\.e|\p{Lu}(?:\.\p{Lu})*)\.$/u;

/** Whether a sentence ends with a word, as it is written: "sea." and "“Why?”" do, "Dr." and "J." do not. */
export function endsSentence(word: string): boolean {
  return /[.!?…]["'”’)\]]*$/.test(word) && !ABBREVIATION.test(word);
}
