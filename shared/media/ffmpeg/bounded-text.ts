/** Text of any length kept to `limit` characters: the first half of them and the last. */
export function boundedText(limit: number): { add(text: string): void; text(): string } {
  const half = limit / 2;
  let head = '';
  let tail = '';
  return {
    add(text) {
      const room = half - head.length;
      head += text.slice(0, room);
      tail = (tail + text.slice(room)).slice(-half);
    },
    text: () => head + tail,
  };
}
