/** Text as people write it: Markdown, sentences, the words that matter, and which language it is in. */
export { type Article, readMarkdown, type Section } from './article.ts';
export { decodeText } from './decode.ts';
export { requireEnglish } from './english.ts';
export { cleanLine, countWords, shorten, wordsOf } from './plain-text.ts';
export { rankSentences } from './rank.ts';
export { loadReader, type Reader, type Token } from './reader.ts';
export { isStopWord } from './stop-words.ts';
export { termOf, termWeights } from './term-weights.ts';
