import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createModelScriptWriter, type ModelOptions } from '../model-script-writer.ts';

/** A peer that speaks the chat completions protocol: what it was asked, and how it answers, one answer a request. */
export interface Peer {
  readonly url: string;
  readonly asked: {
    readonly headers: IncomingMessage['headers'];
    readonly path: string;
    readonly body: Asked;
  }[];
  readonly closed: () => number;
}
interface Asked {
  readonly model: string;
  readonly max_tokens?: number;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}
export type Answer = (response: ServerResponse) => void;

/** Peers of one test after the other. */
export function createPeers() {
  const servers: ReturnType<typeof createServer>[] = [];
  async function startPeer(...answers: readonly Answer[]): Promise<Peer> {
    const asked: Peer['asked'] = [];
    let closed = 0;
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      asked.push({
        headers: request.headers,
        path: request.url ?? '',
        body: JSON.parse(Buffer.concat(chunks).toString()) as Asked,
      });
      response.on('close', () => {
        if (!response.writableFinished) closed += 1;
      });
      (answers[asked.length - 1] ?? status(500, 'asked too often'))(response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/v1`, asked, closed: () => closed };
  }
  return {
    startPeer,
    /** Ends all of them, and who is still connected. */
    close(): void {
      for (const server of servers.splice(0)) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

/** An answer as the protocol frames it. */
export function says(content: string, finish_reason = 'stop'): Answer {
  return (response) => {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1_790_000_000,
        model: 'small',
        choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason }],
        usage: { prompt_tokens: 300, completion_tokens: 120, total_tokens: 420 },
      }),
    );
  };
}

export function status(code: number, message: string, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message, type: 'error', code: null } }));
  };
}

/** What a good peer writes. */
export const draft = {
  title: 'Why the sea is salt',
  scenes: [
    {
      heading: 'A taste',
      narration: 'Taste the sea, and you taste the land.',
      picture: { subject: 'sea', words: ['sea', 'land'] },
    },
    {
      heading: 'Rain',
      narration: 'Rain wears away the rocks and carries their salt to the sea.',
      picture: { subject: 'rain', words: ['rain', 'rock'] },
    },
    {
      heading: 'The end',
      narration: 'So the salt on your lips was once a hill.',
      picture: { subject: 'hill', words: ['hill', 'salt'] },
    },
  ],
};
export const good = JSON.stringify(draft);

/** Asks a peer for ten seconds about the sea. */
export function ask(
  peer: Pick<Peer, 'url'>,
  options: Partial<ModelOptions> = {},
  request: { signal?: AbortSignal; text?: string; title?: string } = {},
) {
  const writer = createModelScriptWriter({
    ...{ baseUrl: peer.url, apiKey: 'a-key', model: 'small', timeoutMs: 5_000, maxOutputTokens: 2_000 },
    ...options,
  });
  return writer.write({
    ...{ subject: 'the sea', topic: 'Why the sea is salt', keywords: [], seconds: 10, language: 'en' },
    signal: new AbortController().signal,
    ...request,
  });
}
