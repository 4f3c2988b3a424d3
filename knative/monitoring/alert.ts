/** A condition that somebody should hear of. */
export interface Alert {
  /** Heading of its paragraph in docs/alerts.md. */
  readonly name: string;
  readonly expr: string;
  /** How long it must hold, in Prometheus's words. */
  readonly for: string;
  /** `critical`: people notice it now; `warning`: they will. */
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
}
