import { Permanent } from '#shared/errors';
import { type ContentLine, contentLines } from './content-lines.ts';

/** VCALENDAR, VTIMEZONE and STANDARD, VEVENT and VALARM. */
const DEEPEST = 6;
const MOST_COMPONENTS = 20_000;
/** Of one component: thousands of attendees and comments say nothing here. */
const MOST_LINES = 2_000;

export interface Component {
  /** `VEVENT`. */
  readonly name: string;
  readonly lines: readonly ContentLine[];
  readonly children: readonly Component[];
}

/**
 * The components of a calendar, those at the top as the children of one without a name.
 *
 * @throws Permanent `calendar-not-icalendar`, `calendar-too-deep`, `calendar-too-many`, `calendar-cut-off`
 */
export function readComponents(calendar: Uint8Array): Component {
  const root = { name: '', lines: [] as ContentLine[], children: [] as Component[] };
  const open = [root];
  let count = 0;
  let isCalendar = false;
  for (const line of contentLines(calendar)) {
    const inner = open.at(-1) ?? root;
    const name = line.value.trim().toUpperCase();
    if (!isCalendar) {
      if (line.name !== 'BEGIN' || name !== 'VCALENDAR') throw notOne();
      isCalendar = true;
    }
    if (line.name === 'BEGIN') {
      count += 1;
      if (open.length > DEEPEST)
        throw refused('calendar-too-deep', `Components stand within each other more than ${DEEPEST} deep.`);
      if (count > MOST_COMPONENTS)
        throw refused('calendar-too-many', `A calendar has at most ${MOST_COMPONENTS} components.`);
      const made = { name, lines: [], children: [] };
      inner.children.push(made);
      open.push(made);
    } else if (line.name === 'END') {
      if (inner === root || inner.name !== name)
        throw refused('calendar-not-icalendar', `END:${name.slice(0, 40)} ends nothing that is open.`);
      open.pop();
    } else if (inner !== root && inner.lines.length < MOST_LINES) inner.lines.push(line);
  }
  if (!isCalendar) throw notOne();
  if (open.length > 1)
    throw refused('calendar-cut-off', `The calendar ends before END:${open.at(-1)?.name}.`);
  return root;
}

function notOne(): Permanent {
  return refused('calendar-not-icalendar', 'This is no iCalendar file: it must begin with BEGIN:VCALENDAR.');
}

function refused(code: string, message: string): Permanent {
  return new Permanent(code, message);
}
