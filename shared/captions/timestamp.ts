/** `01:02:03.456`; hours grow beyond two digits when they must. `separator` stands before the milliseconds. */
export function timestamp(milliseconds: number, separator: ',' | '.'): string {
  const pad = (value: number, digits: number) => String(value).padStart(digits, '0');
  const seconds = Math.floor(milliseconds / 1000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) =>
    pad(part, 2),
  );
  return `${clock.join(':')}${separator}${pad(milliseconds % 1000, 3)}`;
}
