import { z } from 'zod';
import {
  CPU,
  cpuThousandths,
  DURATION,
  durationMs,
  MEMORY,
  memoryBytes,
  nearestCpu,
  nearestDuration,
  nearestMemory,
} from './quantity.ts';

/** No function starts in less. */
const LEAST_BYTES = 16 * 2 ** 20;
/** Of the largest machines that clouds lend: 896 of them (Amazon's u7in), and 32 TiB. */
const MOST_CORES = 896;
const MOST_BYTES = 32 * 2 ** 40;

export const duration = z
  .string()
  .regex(DURATION, {
    error: ({ input }) =>
      `must be a whole number with ms, s, m, h or d; did you mean "${nearestDuration(String(input))}"?`,
  })
  .refine((text) => !DURATION.test(text) || durationMs(text) >= 1_000, 'must be a second or more');

export const memory = z
  .string()
  .regex(MEMORY, {
    error: ({ input }) => `must be a Kubernetes quantity; did you mean "${nearestMemory(String(input))}"?`,
  })
  .refine((text) => !MEMORY.test(text) || memoryBytes(text) >= LEAST_BYTES, 'must be 16Mi or more')
  .refine(
    (text) => !MEMORY.test(text) || memoryBytes(text) <= MOST_BYTES,
    'must be 32Ti or less: no node has more',
  );

export const cpu = z
  .string()
  .regex(CPU, {
    error: ({ input }) => `must be cores or thousandths of one; did you mean "${nearestCpu(String(input))}"?`,
  })
  .refine((text) => !CPU.test(text) || cpuThousandths(text) > 0, 'must be above 0')
  .refine(
    (text) => !CPU.test(text) || cpuThousandths(text) <= MOST_CORES * 1000,
    `must be ${MOST_CORES} or less: no node has more`,
  );
