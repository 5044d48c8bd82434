import { html } from './html.ts'
import { liveLine, page, type Reader } from './page.ts'
import { texts } from './texts.ts'

/** Why a page is not shown; `away`: nothing can be answered now. */
export type Fault = 'away' | 'noRight' | 'editorOff' | 'nothingHere'

/** Instead of a page that is not shown. */
export function faultPage(reader: Reader, fault: Fault): string {
  const { faults, landing } = texts[reader.language]
  const { title, detail } = faults[fault]
  return page(reader, {
    title,
    main: html`<div class="entrance">
      ${liveLine}
      <section class="card">
        <h1>${title}</h1>
        ${
          fault === 'away'
            ? html`<p class="problem" role="alert">${detail}</p>`
            : html`<p>${detail}</p>
                <a class="primary" href="/">${landing.open}</a>`
        }
      </section>
    </div>`,
  })
}
