import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '#shared/telemetry';

/** What a scheduler tells of itself, beside the figures of the ledger. */
export interface SchedulerMetrics {
  elected(isElected: boolean): void;
  wakeUp(outcome: 'sent' | 'failed'): void;
  deadLetter(letter: { function: string; reason: string }): void;
  jobDeath(death: { function: string; reason: string }): void;
}

export function createSchedulerMetrics({ registry }: Pick<Metrics, 'registry'>): SchedulerMetrics {
  const registers = [registry];
  const elected = new Gauge({
    name: 'millrace_scheduler_elected',
    help: 'Whether this scheduler is the one that acts.',
    registers,
  });
  const wakeUps = new Counter({
    name: 'millrace_wake_ups_total',
    help: 'Wake-ups sent to the Broker, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const deadLetters = new Counter({
    name: 'millrace_dead_letters_total',
    help: 'Wake-ups that the Broker could not deliver, by function and the last answer.',
    labelNames: ['function', 'reason'],
    registers,
  });
  const jobDeaths = new Counter({
    name: 'millrace_job_deaths_total',
    help: 'Pods of Jobs that ended badly, by function and reason.',
    labelNames: ['function', 'reason'],
    registers,
  });
  return {
    elected: (isElected) => elected.set(Number(isElected)),
    wakeUp: (outcome) => wakeUps.inc({ outcome }),
    deadLetter: (letter) => deadLetters.inc(letter),
    jobDeath: (death) => jobDeaths.inc(death),
  };
}
