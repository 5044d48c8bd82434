import { dataOf, formEnd, passwordField } from './fields.ts'
import { html } from './html.ts'
import { liveLine, page, type Reader } from './page.ts'
import { texts } from './texts.ts'

interface LoginPage {
  /** Where to go afterwards; a path that `safeNext` let through. */
  readonly next: string | undefined
  /** Why whoever is here has to log in, though they did. */
  readonly notice: 'ended' | 'noCookies' | undefined
  /** Whether one can also log in by a provider. */
  readonly byProvider: boolean
}

/** The page at `/login`. */
export function loginPage(reader: Reader, { next, notice, byProvider }: LoginPage): string {
  const spoken = texts[reader.language]
  const { subtitle, login, forms } = spoken
  const providerPath = next === undefined ? '/login/oidc' : `/login/oidc?next=${encodeURIComponent(next)}`
  return page(reader, {
    title: login.title,
    script: 'login',
    main: html`<div class="entrance">
      ${liveLine}
      <section class="card" aria-labelledby="title">
        <h1 id="title">${login.title}</h1>
        <p class="subtitle">${subtitle}</p>
        ${notice && html`<p class="notice" role="status">${login.notices[notice]}</p>`}
        <noscript><p class="problem">${login.needsScript}</p></noscript>
        <form method="post" action="/login" ${dataOf({ ...forms, ...login.problems, busy: login.busy })}>
          <label for="username">${login.username}</label>
          <input
            id="username"
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            maxlength="100"
            required
            autofocus
          />
          ${passwordField(spoken, { id: 'password', label: login.password, autocomplete: 'current-password' })}
          ${formEnd(spoken, login.submit)}
        </form>
        ${
          byProvider &&
          html`<p class="or"><span>${login.or}</span></p>
            <a class="secondary" href="${providerPath}">${login.byProvider}</a>`
        }
      </section>
    </div>`,
  })
}
