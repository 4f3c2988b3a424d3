import { afterAll, describe, expect, test } from 'vitest';
import { createFliteSpeech } from './create-flite-speech.ts';

const speech = createFliteSpeech();
afterAll(() => speech.close());

const { signal } = new AbortController();
const PASSAGE =
  'Three hearts beat inside an octopus. In the 1990s, Dr. Smith measured animals of 5 kg, “near” the surface — twice!';

describe.each(['rms', 'slt', 'awb', 'kal16'])('voice %s', (voice) => {
  test('speaks the words as written, in order, within the sound', async () => {
    const { samples, sampleRate, words } = await speech.speak({ text: PASSAGE, voice, signal });
    expect(sampleRate).toBe(16_000);
    expect(words.map((word) => word.text).join(' ')).toBe(PASSAGE);
    let before = 0;
    for (const word of words) {
      expect(word.start, word.text).toBeGreaterThanOrEqual(before);
      expect(word.end, word.text).toBeGreaterThan(word.start);
      before = word.end;
    }
    expect(before).toBeLessThanOrEqual(samples.length / sampleRate);
    expect(samples.length / sampleRate).toBeGreaterThan(6);
    expect(samples.length / sampleRate).toBeLessThan(14);
  });

  test('does not clip and begins and ends in silence', async () => {
    const { samples } = await speech.speak({ text: PASSAGE, voice, signal });
    const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
    expect(peak).toBeGreaterThan(3_000);
    expect(peak).toBeLessThan(32_767);
    expect(Math.abs(samples[0] ?? 1)).toBe(0);
    expect(Math.abs(samples.at(-1) ?? 1)).toBe(0);
  });
});

test('the same words sound the same every time', async () => {
  const [first, second] = await Promise.all([
    speech.speak({ text: 'Twice the same.', signal }),
    speech.speak({ text: 'Twice the same.', signal }),
  ]);
  expect(first.samples).toEqual(second.samples);
});

test('the voices are listed with what a chooser needs, the default first', async () => {
  const voices = await speech.voices();
  expect(voices.map((voice) => voice.id)).toEqual(['rms', 'slt', 'awb', 'kal16']);
  for (const voice of voices)
    expect(voice).toMatchObject({ provider: 'flite', language: expect.stringMatching(/^en-/) });
});

describe('refuses for good, naming field and remedy', () => {
  test.each([
    [{ text: 'Hello', voice: 'bob' }, 'voice-unknown', 'voice', /rms, slt, awb, kal16/],
    [{ text: 'Hello', voice: '../../etc' }, 'voice-unknown', 'voice', /rms/],
    [{ text: 'Hello', voice: 'kal' }, 'voice-unknown', 'voice', /kal16/],
    [{ text: 'Hallo', language: 'de' }, 'language-unsupported', 'language', /en-US/],
    [{ text: 'Hello', language: 'enx' }, 'language-unsupported', 'language', /enx/],
    [{ text: '' }, 'nothing-to-say', 'text', /words or numbers/],
    [{ text: '…!? —' }, 'nothing-to-say', 'text', /words or numbers/],
    [{ text: '😀👍🏽' }, 'nothing-to-say', 'text', /words or numbers/],
    [{ text: '<speak><break time="9999s"/></speak>' }, 'nothing-to-say', 'text', /words/],
    [{ text: 'a'.repeat(5_001) }, 'text-too-long', 'text', /5000/],
  ])('%j', async (request, code, field, message) => {
    await expect(speech.speak({ ...request, signal })).rejects.toMatchObject({
      kind: 'permanent',
      code,
      field,
      message: expect.stringMatching(message),
    });
  });
});

describe('hostile texts are spoken, never obeyed', () => {
  test.each([
    ['control characters', 'a\u0000b\u0007c \u001b[31mred'],
    ['options of the program', '-voice kal -t hello --set x=y'],
    ['five thousand letters without a space', 'x'.repeat(5_000)],
    ['five thousand digits', '1'.repeat(5_000)],
    ['markup', '<speak><prosody rate="x-slow">slow</prosody><audio src="file:///etc/passwd"/></speak>'],
    ['right to left', 'مرحبا بالعالم \u202eשלום'],
    ['format strings', '%s%n%x {0} $HOME $(reboot) `ls`'],
    ['lone surrogates', 'high \ud83d low \udc00 end'],
    ['Chinese', '日本'.repeat(50)],
  ])('%s', async (_, text) => {
    const { samples, sampleRate, words } = await speech.speak({ text, signal });
    expect(words.length).toBeGreaterThan(0);
    expect(samples.length / sampleRate).toBeGreaterThan(0.2);
    expect(samples.length / sampleRate).toBeLessThan(100);
  });
});

test('cancelling is answered at once, also in the middle of a passage, and the next passage is spoken', async () => {
  const control = new AbortController();
  const speaking = speech.speak({ text: 'This goes on and on. '.repeat(200), signal: control.signal });
  const abortedAt = new Promise<number>((resolve) => {
    control.signal.addEventListener('abort', () => resolve(performance.now()));
  });
  setTimeout(() => control.abort(), 150);
  await expect(speaking).rejects.toMatchObject({ kind: 'cancelled' });
  // A second, on a machine that has other things to do as well.
  expect(performance.now() - (await abortedAt)).toBeLessThan(5_000);
  await expect(speech.speak({ text: 'Still here.', signal })).resolves.toMatchObject({ sampleRate: 16_000 });
});

test('a signal that is already aborted starts nothing', async () => {
  await expect(speech.speak({ text: 'Hello', signal: AbortSignal.abort() })).rejects.toMatchObject({
    kind: 'cancelled',
  });
});

test('closed in the middle, it says so; used again, it starts anew', async () => {
  const other = createFliteSpeech();
  const speaking = other.speak({ text: 'This goes on and on. '.repeat(100), signal });
  const refused = expect(speaking).rejects.toMatchObject({ kind: 'cancelled' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await other.close();
  await refused;
  await expect(other.speak({ text: 'Again.', signal })).resolves.toMatchObject({ sampleRate: 16_000 });
  await other.close();
});
