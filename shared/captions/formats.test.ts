import { expect, test } from 'vitest';
import { writeSrt } from './write-srt.ts';
import { writeVtt } from './write-vtt.ts';

const cues = [
  { startMs: 0, endMs: 1_250, lines: ['Three hearts beat', 'inside an octopus.'] },
  { startMs: 3_661_007, endMs: 3_662_000, lines: ['Salt & <b>pepper</b> --> 5 > 4 {\\an8}'] },
];

test('SubRip', () => {
  expect(writeSrt(cues)).toBe(
    '1\n00:00:00,000 --> 00:00:01,250\nThree hearts beat\ninside an octopus.\n\n' +
      '2\n01:01:01,007 --> 01:01:02,000\nSalt & ‹b>pepper‹/b> → 5 > 4 (\\an8}\n',
  );
});

test('WebVTT, escaped', () => {
  expect(writeVtt(cues)).toBe(
    'WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.250\nThree hearts beat\ninside an octopus.\n\n' +
      '2\n01:01:01.007 --> 01:01:02.000\nSalt &amp; &lt;b&gt;pepper&lt;/b&gt; --&gt; 5 &gt; 4 {\\an8}\n',
  );
});

test('a line break inside a line cannot end a cue', () => {
  const hostile = [{ startMs: 0, endMs: 1_000, lines: ['one\n\n2\r\n00:00:09.000'] }];
  expect(writeVtt(hostile).split('\n\n')).toHaveLength(2);
  expect(writeSrt(hostile).trim().split('\n\n')).toHaveLength(1);
});

test('no cues are a valid, empty file', () => {
  expect(writeVtt([])).toBe('WEBVTT\n');
  expect(writeSrt([])).toBe('');
});
