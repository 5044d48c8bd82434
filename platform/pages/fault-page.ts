import { html } from './html.ts'
import { liveLine, page, type Reader } from './page.ts'
import { texts } from './texts.ts'

/** Instead of a page that cannot be answered now. */
export function faultPage(reader: Reader): string {
  const { fault } = texts[reader.language]
  return page(reader, {
    title: fault.title,
    main: html`<div class="entrance">
      ${liveLine}
      <section class="card">
        <h1>${fault.title}</h1>
        <p class="problem" role="alert">${fault.detail}</p>
      </section>
    </div>`,
  })
}
