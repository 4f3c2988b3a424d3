/** Sends what stands behind "#" in the link of a mail, with what was typed, once its reader asks for it. */

const form = document.querySelector('form[data-post]');
const refused = form.querySelector('.refused');
const token = location.hash.slice(1);
// It stays in no history.
history.replaceState(null, '', location.pathname);

function refuse(words) {
  refused.textContent = words;
  refused.hidden = false;
}

if (token === '') refuse('The link is not whole: open it from the mail again.');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  refused.hidden = true;
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const answer = await fetch(form.dataset.post, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...Object.fromEntries(new FormData(form)), token }),
    });
    if (answer.ok) {
      form.remove();
      document.querySelector('[data-status]').textContent = form.dataset.done;
      return;
    }
    const problem = await answer.json();
    refuse(problem.errors?.find(({ field }) => field !== 'token')?.message ?? problem.detail);
  } catch {
    refuse('Nothing answers; try again in a moment.');
  }
  button.disabled = false;
});
