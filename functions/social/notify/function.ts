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
    const told = toldTypes.flatMap((type) =>
      // The compiler cannot follow that a type's own telling gets its own data.
      input
        .all(type)
        .map(({ data }) =>
          (tellings[type] as (data: unknown) => ReturnType<(typeof tellings)[typeof type]>)(data),
        ),
    );
    return {
      write: async (tx) => {
        const events: Emit[] = [];
        for (const telling of told) events.push(...(await tell(tx, telling)));
        return { events };
      },
    };
  },
});
