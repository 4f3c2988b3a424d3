/** A mail to one person. */
export interface Message {
  /** One address, in ASCII. */
  readonly to: string;
  /** One line of at most 200 characters. */
  readonly subject: string;
  /** At most 100,000 characters. */
  readonly text: string;
  /** The same for readers that show HTML; at most 300,000 characters. */
  readonly html?: string | undefined;
  /** Further headers (`List-Unsubscribe`): at most ten, each one line of ASCII. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The same for each try at the same mail: its Message-ID is made of it, by which readers know a second copy. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

export interface Sent {
  readonly messageId: string;
  /** Where it lies, when it was not sent but kept. */
  readonly path?: string;
}

/** Sends mails. */
export interface Mail {
  /**
   * @throws Permanent `mail-invalid` (nothing was sent), `mail-refused`, `mail-login-refused`; Transient `mail-deferred`,
   *   `mail-unreachable`, `mail-time-limit`; the reason of `signal`, once that is aborted. None of them names the address.
   */
  send(message: Message): Promise<Sent>;
}

/** Who mails come from. */
export interface Sender {
  /** May be empty. */
  readonly name: string;
  readonly address: string;
}
