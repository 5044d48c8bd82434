import { html, type Html } from './html.ts'
import { brand, liveLine, page, type Reader } from './page.ts'
import { type Place, placesOf } from './places.ts'
import { texts } from './texts.ts'

/** The page at `/`: the way in, or what whoever is logged in may open. */
export function landingPage(reader: Reader): string {
  const { identity, language } = reader
  const { account, landing, subtitle } = texts[language]
  if (!identity)
    return page(reader, {
      title: brand,
      main: html`<div class="entrance">
        ${liveLine}
        <section class="card">
          <h1>${brand}</h1>
          <p class="subtitle">${subtitle}</p>
          <p>${landing.stranger}</p>
          <a class="primary" href="/login">${account.logIn}</a>
        </section>
      </div>`,
    })
  return page(reader, {
    title: brand,
    main: html`<div class="home">
      <h1>${landing.welcome(identity.username)}</h1>
      <p class="subtitle">${subtitle}</p>
      <ul class="places" aria-label="${landing.open}">
        ${placesOf(identity).map(({ path, name }) => {
          const [title, what] = landing.places[name]
          return html`<li>
            <a href="${path}">
              ${icons[name]}
              <b>${title}</b>
              <span>${what}</span>
            </a>
          </li>`
        })}
      </ul>
    </div>`,
  })
}

const icon = (paths: Html): Html => html`<svg viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`

const icons: Readonly<Record<Place['name'], Html>> = {
  dashboard: icon(html`<path d="M3 20h18M6 20v-6M11 20V9M16 20v-8M21 4l-5 4-5-3-5 5" />`),
  editor: icon(
    html`<rect x="2.500" y="4" width="8" height="5" rx="1.500" />
      <rect x="13.500" y="15" width="8" height="5" rx="1.500" />
      <path d="M10.500 6.500h2a2 2 0 0 1 2 2v5a4 4 0 0 0 3 1.500" />`,
  ),
  docs: icon(
    html`<path
      d="M8 4c-2.500 0-3 1.200-3 3v2.500c0 1.500-.7 2.500-2 2.500 1.300 0 2 1 2 2.500V17c0 1.800.5 3 3 3M16 4c2.500 0 3 1.200 3 3v2.500c0 1.500.7 2.500 2 2.500-1.300 0-2 1-2 2.500V17c0 1.800-.5 3-3 3M10.500 12h.01M13.500 12h.01"
    />`,
  ),
  health: icon(html`<path d="M2.500 12h4l2.500-6 4.500 12 3-8 1.500 2h3.500" />`),
}
