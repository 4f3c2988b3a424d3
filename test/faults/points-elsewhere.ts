/** Named points that only a whole video reaches: see video.test.ts. */
export const elsewhere: readonly string[] = [];
