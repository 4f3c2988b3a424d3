import { defineFunction, type Emit } from '#shared/function';
import { tell } from '#shared/notifications';
import { tellings, toldTypes } from './tellings.ts';

/** All of it stands with one commit: the notification, what is heard of it at once, and the asking for mails and pushes. */
export default defineFunction({
  name: 'notify',
  summary: 'Tells people of what happened: in their list, and where else they wish to hear of it.',
  consumes: toldTypes,
  needs: [],
  async handle(input) {
    const facts = toldTypes.flatMap((type) => input.all(type));
    return {
      write: async (tx) => {
        const events: Emit[] = [];
        for (const { type, data, id: fact } of facts) {
          // A type's own telling gets its own data; the compiler cannot follow that through a union.
          const tellingOf = tellings[type] as (of: unknown, context: object) => ReturnType<Told>;
          const telling = await tellingOf(data, { tx, fact });
          if (telling !== undefined) events.push(...(await tell(tx, telling)));
        }
        return { events };
      },
    };
  },
});

type Told = (typeof tellings)[(typeof toldTypes)[number]];
