import { html, type Html } from './html.ts'
import type { Texts } from './texts.ts'

/** A labelled password with a button that shows it. */
export const passwordField = (
  { forms }: Pick<Texts, 'forms'>,
  { id, label, autocomplete }: { id: string; label: string; autocomplete: 'current-password' | 'new-password' },
): Html =>
  html`<label for="${id}">${label}</label>
    <div class="password">
      <input
        id="${id}"
        name="${id}"
        type="password"
        autocomplete="${autocomplete}"
        maxlength="1000"
        required
        aria-describedby="caps-lock"
      />
      <button
        type="button"
        class="reveal"
        aria-controls="${id}"
        aria-pressed="false"
        aria-label="${forms.show}"
        title="${forms.show}"
      >
        ${eye}
      </button>
    </div>`

/** What every form of passwords says: Caps Lock, what is wrong, and its button. */
export const formEnd = ({ forms }: Pick<Texts, 'forms'>, submit: string): Html =>
  html`<p id="caps-lock" class="caps-lock hint" aria-live="polite" data-on="${forms.capsLock}"></p>
    <p class="problem" role="alert"></p>
    <button type="submit" class="primary">${submit}</button>`

/** Texts that a form's script says, as attributes: `tooMany` as `data-too-many`. */
export const dataOf = (said: Readonly<Record<string, string>>): Html =>
  html`${Object.entries(said).map(
    ([name, text]) => html` data-${name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}="${text}"`,
  )}`

const eye = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path d="M2 12s3.600-6.500 10-6.500S22 12 22 12s-3.600 6.500-10 6.500S2 12 2 12z" />
  <circle cx="12" cy="12" r="2.800" />
  <path class="slash" d="M4.500 19.500 19.500 4.500" />
</svg>`
