import type { OidcReason } from '../access/oidc/refusal.ts'
import { html } from './html.ts'
import { liveLine, page, type Reader } from './page.ts'
import { texts } from './texts.ts'

/** Why a login by the provider came to nothing. */
export function oidcRefusedPage(reader: Reader, reason: OidcReason): string {
  const { oidc } = texts[reader.language]
  return page(reader, {
    title: oidc.title,
    main: html`<div class="entrance">
      ${liveLine}
      <section class="card">
        <h1>${oidc.title}</h1>
        <p class="problem" role="alert">${oidc.reasons[reason]}</p>
        <a class="primary" href="/login">${oidc.back}</a>
      </section>
    </div>`,
  })
}

/**
 * Between the provider and where somebody wanted to go. A browser withholds the session's cookie (SameSite=Strict) from
 * whatever another site sends it to, redirections from there included; from this page, which is ours, it goes on with it.
 */
export function oidcDonePage(reader: Reader, next: string): string {
  const { oidc } = texts[reader.language]
  return page(reader, {
    title: oidc.goingOn,
    goOnTo: next,
    main: html`<div class="entrance">
      ${liveLine}
      <section class="card">
        <h1>${oidc.goingOn}</h1>
        <a class="primary" href="${next}">${oidc.goOn}</a>
      </section>
    </div>`,
  })
}
