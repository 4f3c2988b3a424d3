import type { Experiment } from './experiment.ts';
import { fences } from './fences.ts';
import { joins } from './joins.ts';
import { settling } from './settling.ts';
import { transactions } from './transactions.ts';

export const experiments: readonly Experiment[] = [...fences, ...transactions, ...joins, ...settling];
