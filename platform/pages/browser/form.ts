import { type FormAnswer, problemOf } from './form-problem.ts'

interface Form<Kind extends string> {
  /** Sends what was typed. @returns undefined where nobody answered, or a text of `data-…` that says what is wrong before it is sent */
  send(): Promise<FormAnswer | undefined | Kind>
  /** What statuses mean; the form has a text for each, and for those of every form, in `data-…`. */
  readonly kinds: Readonly<Record<number, Kind>>
  done(): void
  /** After the problem is shown. */
  failed?(kind: string): void
}

/** Gives a form of passwords what it does: sends once, says what is wrong, counts down a wait, shows passwords, warns of Caps Lock. */
export function runForm<Kind extends string>(form: HTMLFormElement, { send, kinds, done, failed }: Form<Kind>): void {
  const submit = form.querySelector<HTMLButtonElement>('[type=submit]')!
  const problem = form.querySelector<HTMLElement>('[role=alert]')!
  const submitText = submit.textContent
  const textOf = (kind: string): string => form.dataset[kind] ?? ''

  /** The button stays where it is for keyboards and screen readers: it only does nothing. */
  const bar = (text: string | undefined): void => {
    submit.textContent = text ?? submitText
    submit.setAttribute('aria-disabled', String(text !== undefined))
  }

  const countDown = (seconds: number): void => {
    const until = performance.now() + seconds * 1_000
    const tick = (): void => {
      const left = Math.ceil((until - performance.now()) / 1_000)
      if (left > 0) return bar(textOf('wait').replace('{seconds}', String(left)))
      clearInterval(timer)
      problem.textContent = ''
      bar(undefined)
    }
    const timer = setInterval(tick, 200)
    tick()
  }

  const run = async (): Promise<void> => {
    problem.textContent = ''
    bar(textOf('busy'))
    const answer = await send()
    if (typeof answer === 'object' && answer.status >= 200 && answer.status < 300) return done()
    const { kind, waitSeconds } =
      typeof answer === 'string' ? { kind: answer, waitSeconds: 0 } : problemOf(answer, kinds)
    problem.textContent = textOf(kind)
    failed?.(kind)
    if (waitSeconds > 0) countDown(waitSeconds)
    else bar(undefined)
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (submit.getAttribute('aria-disabled') !== 'true') void run()
  })
  for (const button of form.querySelectorAll<HTMLButtonElement>('.reveal')) runReveal(form, button)
  runCapsLock(form)
}

/** Makes the button usable again after a success that leads nowhere else. */
export function resetForm(form: HTMLFormElement): void {
  form.reset()
  const submit = form.querySelector<HTMLButtonElement>('[type=submit]')!
  submit.textContent = form.dataset['submit'] ?? ''
  submit.setAttribute('aria-disabled', 'false')
}

function runReveal(form: HTMLFormElement, button: HTMLButtonElement): void {
  const input = form.querySelector<HTMLInputElement>(`#${button.getAttribute('aria-controls')}`)!
  button.addEventListener('click', () => {
    const shown = input.type === 'password'
    input.type = shown ? 'text' : 'password'
    button.setAttribute('aria-pressed', String(shown))
    button.title = (shown ? form.dataset['hide'] : form.dataset['show']) ?? ''
    input.focus()
  })
}

function runCapsLock(form: HTMLFormElement): void {
  const hint = form.querySelector<HTMLElement>('.caps-lock')!
  const look = (event: KeyboardEvent | PointerEvent): void => {
    const text = event.getModifierState?.('CapsLock') ? (hint.dataset['on'] ?? '') : ''
    if (hint.textContent !== text) hint.textContent = text
  }
  for (const kind of ['keydown', 'keyup', 'pointerdown'] as const) form.addEventListener(kind, look)
}
