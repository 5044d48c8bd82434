import { dataOf, formEnd, passwordField } from './fields.ts'
import { html } from './html.ts'
import { liveLine, page, type Reader } from './page.ts'
import { texts } from './texts.ts'

/** The page at `/password`: another password for whoever is logged in. */
export function passwordPage(reader: Reader): string {
  const spoken = texts[reader.language]
  const { password, forms } = spoken
  return page(reader, {
    title: password.title,
    script: 'password',
    main: html`<div class="entrance">
      ${liveLine}
      <section class="card" aria-labelledby="title">
        <h1 id="title">${password.title}</h1>
        <p class="subtitle">${password.rule}</p>
        <form method="post" action="/password" ${dataOf({ ...forms, ...password.problems, submit: password.submit })}>
          <input type="text" name="username" autocomplete="username" value="${reader.identity?.username}" hidden />
          ${passwordField(spoken, { id: 'present', label: password.present, autocomplete: 'current-password' })}
          ${passwordField(spoken, { id: 'password', label: password.fresh, autocomplete: 'new-password' })}
          ${passwordField(spoken, { id: 'repeated', label: password.repeated, autocomplete: 'new-password' })}
          <p class="notice" role="status" data-done="${password.done}"></p>
          ${formEnd(spoken, password.submit)}
        </form>
      </section>
    </div>`,
  })
}
