import { html } from './html.ts'
import { liveLine, page, type Reader } from './page.ts'
import { texts } from './texts.ts'

/** The page at `/logout`: asks whoever is logged in, for a link alone must log nobody out; tells whoever is not that they are out. */
export function logoutPage(reader: Reader): string {
  const { account, logout } = texts[reader.language]
  const { identity } = reader
  return page(reader, {
    title: logout.title,
    main: html`<div class="entrance">
      ${liveLine}
      <section class="card" role="status">
        ${
          identity
            ? html`<h1>${logout.title}</h1>
                <p>${logout.ask(identity.username)}</p>
                <button type="button" class="primary" data-log-out data-failed="${account.failed}" autofocus>
                  ${account.logOut}
                </button>`
            : html`<h1>${logout.done}</h1>
                <p>${logout.doneDetail}</p>
                <a class="primary" href="/login">${logout.again}</a>`
        }
      </section>
    </div>`,
  })
}
