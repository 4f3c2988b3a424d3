import { cleanLine, countWords } from '#shared/text';
import type { Definition } from './define.ts';
import type { Fact } from './fact.ts';
import { enumerate, sentenceCase } from './naming.ts';

/** A word of the topic as the opening asks for it. */
export interface Asked {
  readonly definition: Definition;
  readonly isPerson: boolean;
  readonly isPast: boolean;
}

const QUESTION_WORD = /^(?:why|how|what|when|where|who|which)\b/i;
/** Asked as a question is: "how does …", "who invented …"; not "why octopuses have …". */
const IS_ASKED =
  /^(?:who|which|what|how (?:much|many|long|far|old|big|fast|high|deep))\b|^(?:why|how|when|where) (?:do|does|did|is|are|was|were|can|could|should|will|would|has|have|had|may|might|must)\b/i;

const announced: Readonly<Record<Fact['about'], string | undefined>> = {
  itself: undefined,
  use: undefined,
  kind: 'what it belongs to',
  parts: 'what its parts are',
  kinds: 'which kinds there are',
  relatives: 'what is close to it',
  meanings: 'what else the word can mean',
};

export function isQuestion(topic: string): boolean {
  return /^(?:why|how|what|when|where|who|which|do|does|did|is|are|was|were|can|could|should|will)\b|\?\s*$/i.test(
    topic,
  );
}

/** The opening: it asks what the video answers and promises nothing that the facts do not hold. */
export function hookOf(request: {
  readonly topic: string;
  readonly asked: readonly Asked[];
  /** Whether the topic says more than the first word's name. */
  readonly saysMore: boolean;
  readonly abouts: ReadonlySet<Fact['about']>;
}): string {
  const questions = request.asked.slice(0, 3).map(questionOf);
  if (!request.saysMore) {
    const signs = [...request.abouts].flatMap((about) => announced[about] ?? []).slice(0, 2);
    const first = request.asked[0];
    if (first?.isPerson === true)
      return `${sentenceCase(questions[0] ?? '')}? Let us see what an open dictionary says.`;
    return openings[request.topic.length % openings.length]?.(questions[0] ?? '', signs) ?? '';
  }
  const topic = spokenTopic(request.topic);
  const asked = `${sentenceCase(joinQuestions(questions))}?`;
  if (topic === undefined) return `Let us begin with the words of the topic. ${asked}`;
  if (isQuestion(topic)) {
    const steps = /^how to (.+)$/i.exec(topic)?.[1];
    if (steps !== undefined) return `How do you ${steps}? First come the words. ${asked}`;
    if (IS_ASKED.test(topic))
      return `${sentenceCase(topic)}? A good question begins with its words. ${asked}`;
    if (!QUESTION_WORD.test(topic))
      return `${sentenceCase(topic)}? Before any answer come the words. ${asked}`;
  }
  return `${sentenceCase(topic)}: a good place to begin is the words themselves. ${asked}`;
}

/** Ways to open; a topic always gets the same. */
const openings: readonly ((question: string, signs: readonly string[]) => string)[] = [
  (question, signs) =>
    `${sentenceCase(question.replace(/^what (is|are|was) /, 'what exactly $1 '))}? Let us find out${signs.length === 0 ? '' : `, and see ${enumerate(signs)}`}.`,
  (question, signs) =>
    `How would you explain ${question.replace(/^what (?:is|are|was) /, '')}? Here is ${enumerate(['what it means', ...signs])}.`,
  (question, signs) =>
    `${sentenceCase(question)}, in plain words? ${signs.length === 0 ? 'Here is the answer' : `First the meaning, then ${enumerate(signs)}`}.`,
];

function joinQuestions(questions: readonly string[]): string {
  if (questions.length < 2) return questions[0] ?? '';
  return `${questions.slice(0, -1).join(', ')}, and ${questions.at(-1) ?? ''}`;
}

function questionOf({ definition, isPerson, isPast }: Asked): string {
  if (isPerson && definition.kind === 'name') return `who ${isPast ? 'was' : 'is'} ${definition.name}`;
  if (definition.kind === 'plural') return `what are ${definition.name}`;
  return `what ${isPast ? 'was' : 'is'} ${definition.name}`;
}

/** The topic if it can be spoken as it stands: a few words of letters. */
export function spokenTopic(topic: string): string | undefined {
  const line = cleanLine(topic).replace(/[\s?!.,;:]+$/, '');
  if (countWords(line) < 1 || countWords(line) > 14) return undefined;
  return /^[\p{L}\p{N} ,'’&-]+$/u.test(line) ? line : undefined;
}

/** The close: where all of it comes from, and what is not in it. */
export function closeOf(request: {
  readonly topic: string;
  readonly names: readonly string[];
  /** Whether the topic says more than the first word's name. */
  readonly saysMore: boolean;
}): string {
  if (!request.saysMore) return 'All of this comes from WordNet, an open dictionary of English.';
  const told = `That is what WordNet, an open dictionary, says about ${enumerate(request.names)}.`;
  return `${told} ${isQuestion(request.topic) ? 'The full answer is not in it.' : 'The topic itself goes further.'}`;
}
