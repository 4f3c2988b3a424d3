import { Permanent } from '#shared/errors';

/** No script is larger; a peer that sends more is not a language model. */
const MOST_BYTES = 4_000_000;

/** `fetch` that follows no redirect and stops reading an answer once it is larger than any script. */
export const limitedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'error' });
  if (response.body === null) return response;
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > MOST_BYTES) controller.error(tooLarge());
        else controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  });
};

function tooLarge(): Permanent {
  return new Permanent(
    'model-answer-too-large',
    `The language model sent more than ${MOST_BYTES} bytes; check that OPENAI_BASE_URL names a chat completions API.`,
  );
}
