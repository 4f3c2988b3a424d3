/** Keywords: what people would search for, ranked, each with its reason. */
export type { Keyword, KeywordAnswer, KeywordSource } from './port.ts';
