/** Keywords: what people would search for, ranked, each with its reason. */
export { createOfflineKeywords } from './offline-keywords.ts';
export type { Keyword, KeywordAnswer, KeywordSource } from './port.ts';
