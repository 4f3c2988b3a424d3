import { z } from 'zod';
import {
  CPU,
  DURATION,
  durationMs,
  MEMORY,
  memoryBytes,
  nearestDuration,
  nearestMemory,
} from './quantity.ts';

/** No function starts in less. */
const LEAST_BYTES = 16 * 2 ** 20;

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
  .refine((text) => !MEMORY.test(text) || memoryBytes(text) >= LEAST_BYTES, 'must be 16Mi or more');

export const cpu = z
  .string()
  .regex(CPU, 'must be cores or thousandths of one, such as "2" or 100m')
  .refine((text) => Number.parseFloat(text) > 0, 'must be above 0');
