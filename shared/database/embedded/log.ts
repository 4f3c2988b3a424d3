/** What the database reports to; a pino logger fits. */
export interface DatabaseLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}
