import { describe, expect, test, vi } from 'vitest';
import { openEventStream } from '#shared/http';

const decoder = new TextDecoder();

describe('an event stream', () => {
  test('is written as the standard says, whatever the data holds', async () => {
    const stream = openEventStream({ retryMs: 500 });
    stream.send({ event: 'step', id: '7', data: { message: 'two\nlines\r\n\ndata: forged\n\n' } });
    stream.end('done');
    stream.send({ event: 'late', data: {} });
    const text = await new Response(stream.body).text();
    expect(text).toBe(
      'retry: 500\n\nid: 7\nevent: step\ndata: {"message":"two\\nlines\\r\\n\\ndata: forged\\n\\n"}\n\n',
    );
    expect(await stream.ended).toBe('done');
  });

  test('drops a reader who lets more wait than the limit, and holds nothing for it any more', async () => {
    const stream = openEventStream({ maxBufferedBytes: 1_000 });
    for (let n = 0; n < 20; n++) stream.send({ event: 'step', data: 'x'.repeat(100) });
    expect(await stream.ended).toBe('reader-too-slow');
    await expect(new Response(stream.body).text()).rejects.toThrow('too slow');
  });

  test('a reader who leaves ends it', async () => {
    const stream = openEventStream();
    await stream.body.cancel();
    expect(await stream.ended).toBe('reader-left');
  });

  test('goes on for one who takes some between two beats, though more waits than he took', async () => {
    vi.useFakeTimers();
    try {
      const stream = openEventStream({ heartbeatMs: 1_000 });
      const reader = stream.body.getReader();
      for (let n = 0; n < 20; n++) stream.send({ event: 'step', data: 'x'.repeat(100) });
      for (let beat = 0; beat < 5; beat++) {
        await vi.advanceTimersByTimeAsync(1_000);
        expect((await reader.read()).done).toBe(false);
      }
      stream.end('done');
      expect(await stream.ended).toBe('done');
    } finally {
      vi.useRealTimers();
    }
  });

  test('beats for a reader who takes it, and ends for one who takes nothing between two beats', async () => {
    vi.useFakeTimers();
    try {
      const taken = openEventStream({ heartbeatMs: 1_000 });
      const reader = taken.body.getReader();
      await reader.read();
      for (let beat = 0; beat < 3; beat++) {
        await vi.advanceTimersByTimeAsync(1_000);
        expect(decoder.decode((await reader.read()).value)).toBe(': alive\n\n');
      }
      taken.end('done');
      const left = openEventStream({ heartbeatMs: 1_000 });
      await vi.advanceTimersByTimeAsync(2_000);
      expect(await left.ended).toBe('reader-too-slow');
    } finally {
      vi.useRealTimers();
    }
  });
});
