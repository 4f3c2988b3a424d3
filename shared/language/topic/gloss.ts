/** A dictionary's definition, taken apart so that it can be spoken. */
export interface Gloss {
  /** The definition itself: a noun phrase, or a verb phrase for verbs. Empty when there is none to speak. */
  readonly main: string;
  /** What follows it after semicolons. */
  readonly extras: readonly string[];
  /** "(astronomy) …" → "astronomy". */
  readonly field: string | undefined;
  /** Years of a life, "(1564-1616)". */
  readonly life: { readonly born: string; readonly died: string } | undefined;
  /** Says that it is of the past: "(circa 4 BC - AD 29)", "(17th century)". */
  readonly isPast: boolean;
}

const spellings: readonly (readonly [RegExp, string])[] = [
  [/\be\.g\.,?/g, 'for example'],
  [/\bi\.e\.,?/g, 'that is'],
  [/,? etc\.?(?=$|[\s,;:)])/g, ' and so on'],
  [/\besp\.?(?= )/g, 'especially'],
  [/\bapprox\.?(?= )/g, 'about'],
  [/\bca?\.(?= ?\d)/g, 'about'],
  [/\band\/or\b/g, 'or'],
  [/ & /g, ' and '],
  [/\s*--+\s*/g, ', '],
  [/``|''/g, '"'],
  // "called `bull'"
  [/[`‘]([^`‘'’"]{1,40})['’](?!\w)/g, '“$1”'],
  [/ \* /g, ' '],
  [/^United States (?=[a-z])/g, 'American '],
];

/** Takes a definition apart. Asides in parentheses go: the rest stands without them. */
export function readGloss(definition: string): Gloss {
  const field = /^\(([^)]{1,40})\)/.exec(definition)?.[1];
  const life = /\(\s*(\d{3,4})\s*-\s*(\d{3,4})\s*\)/.exec(definition);
  const isPast = /\([^)]*(?:\bB\.?C\b|century|circa|died)[^)]*\)/i.test(definition) || life !== null;
  let text = definition.replace(/^\(((?:an?|the|any|someone|something)\b[^)]*)\)/, '$1');
  for (;;) {
    const next = text.replaceAll(/\s*\([^()]*\)/g, '');
    if (next === text) break;
    text = next;
  }
  for (const [from, to] of spellings) text = text.replaceAll(from, to);
  const parts = text
    .split(/\s*[;:]\s+|;/)
    .map((part) => part.replaceAll(/\s+/g, ' ').replaceAll(/\s+([,.])/g, '$1'))
    .map((part) => part.replace(/^[\s,.-]+|[\s,.:-]+$/g, ''))
    // What has an open parenthesis, a formula or a quotation left in it is not for the ear.
    .filter(
      (part) =>
        part !== '' &&
        !/[()[\]{}<>=|"`*^~_#\\]/.test(part) &&
        !/ (?:by|of|with|for|to|as|in|from|and|or|the|an?|namely|including)$/.test(part),
    );
  return {
    main: parts[0] ?? '',
    extras: parts.slice(1),
    field: field !== undefined && /^[a-z ]+$/.test(field) ? field : undefined,
    life: life?.[1] === undefined || life[2] === undefined ? undefined : { born: life[1], died: life[2] },
    isPast,
  };
}

const ADVERB = '(?:widely|usually|often|sometimes|generally|mainly|chiefly|commonly|also|now)';
const states = new RegExp(
  `^(?:${ADVERB} )?(?:used|found|native|common|grown|cultivated|valued|noted|related|similar|characterized|caused|made|worn|eaten|named|associated|important|naturalized|distributed|considered|known|closely|popular|abundant|especially common)\\b`,
);
const doings = new RegExp(
  `^(?:${ADVERB} )?(?:has|resembles|contains|includes|attempts|occurs|lives|grows|produces|yields|feeds|consists|causes|bears|differs|forms|helps|serves|acts|belongs|provides|comes|allows|makes|means|turns|involves|requires|breeds|nests|eats|affects|leads|flows|covers|carries)\\b`,
);
const DEEDS =
  /^(?:was|wrote|studied|led|won|founded|discovered|invented|designed|developed|painted|composed|introduced|established|became|served|helped|proposed|ruled|defeated|created|explored|published|pioneered|married)\b/;
const PLACES =
  /^(?:(?:the|from|of|and|or|to|in|on|along|coasts?|parts|most|central|northern|southern|eastern|western|northeastern|northwestern|southeastern|southwestern|tropical|temperate|subtropical|warm|Mediterranean|[A-Z][A-Za-z]+)[, ]*)+$/;

/** What can be said after "it" (or a person's name): a predicate, or nothing where the phrase is no predicate. */
export function predicateOf(extra: string, about: 'thing' | 'person'): string | undefined {
  if (extra.split(' ').length > 24) return undefined;
  if (about === 'person') return DEEDS.test(extra) ? extra : undefined;
  if (states.test(extra)) return `is ${extra}`;
  if (doings.test(extra)) return extra;
  if (/[A-Z]/.test(extra) && PLACES.test(extra)) {
    if (/^(?:from|in|on|along) /.test(extra)) return `is found ${extra}`;
    return / to /.test(extra) ? `is found from ${extra}` : `is found in ${extra}`;
  }
  return undefined;
}
