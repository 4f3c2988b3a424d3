import type { CommandPrincipal } from '#shared/function';

/** A command as a front door sends it. */
export interface CommandRequest {
  /** `user.follow`. */
  readonly type: string;
  readonly data: unknown;
  readonly principal: CommandPrincipal;
  /** The token that the principal was verified from; a host elsewhere verifies it again. */
  readonly token?: string | undefined;
  /** 1 to 200 characters. */
  readonly idempotencyKey?: string | undefined;
  readonly traceparent?: string | undefined;
  /** Aborts when the caller goes away. */
  readonly signal?: AbortSignal;
}

/** An HTTP answer: a JSON body, or none. Failures are problem documents (RFC 9457). */
export interface CommandAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where commands are answered: in this process, or by a host elsewhere. Never throws: a failure is an answer. */
export interface Commands {
  send(request: CommandRequest): Promise<CommandAnswer>;
}
