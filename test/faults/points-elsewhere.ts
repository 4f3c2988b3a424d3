/** Named points that only a whole video reaches: see product.test.ts. */
export const elsewhere = ['render.frame', 'render.encoded', 'mux.joined'] as const;
