import { termWeights } from './term-weights.ts';

const DAMPING = 0.85;
const ROUNDS = 30;

/**
 * TextRank (Mihalcea & Tarau 2004) with the cosine of TF-IDF rows as similarity: one weight a sentence, summing
 * to about 1. The similarity matrix AAᵀ is never built: a round costs as much as the text has words.
 */
export function rankSentences(sentences: readonly string[]): readonly number[] {
  const rows = termWeights(sentences);
  const total = rows.length;
  const similarTo = (weights: readonly number[]): number[] => {
    const columns = new Map<string, number>();
    rows.forEach((row, index) => {
      const weight = weights[index] ?? 0;
      for (const [term, value] of row) columns.set(term, (columns.get(term) ?? 0) + value * weight);
    });
    return rows.map((row, index) => {
      let sum = 0;
      for (const [term, value] of row) sum += value * (columns.get(term) ?? 0);
      // A row's similarity to itself is 1; it does not vote for itself.
      return row.size === 0 ? 0 : Math.max(0, sum - (weights[index] ?? 0));
    });
  };
  const degrees = similarTo(rows.map(() => 1)).map((degree) =>
    degree > 1e-9 ? degree : Number.POSITIVE_INFINITY,
  );
  let scores = rows.map(() => 1 / total);
  for (let round = 0; round < ROUNDS; round += 1) {
    const votes = similarTo(scores.map((score, index) => score / (degrees[index] ?? 1)));
    scores = votes.map((vote) => (1 - DAMPING) / total + DAMPING * vote);
  }
  return scores;
}
