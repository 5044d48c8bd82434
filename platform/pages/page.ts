import type { Identity } from '../access/identity.ts'
import { html, type Html } from './html.ts'
import { type Language, languages } from './language.ts'
import { staticPath } from './open-paths.ts'
import { texts } from './texts.ts'

/** For whom a page is written. */
export interface Reader {
  readonly language: Language
  /** Undefined: whoever reads it is not logged in. */
  readonly identity: Identity | undefined
}

interface PageParts {
  readonly title: string
  readonly main: Html
  /** Names a script beside `account`, which every page has. */
  readonly script?: 'login' | 'password'
  /** Goes on to this path of ours by itself, as if somebody had followed a link here. */
  readonly goOnTo?: string
}

/** The frame of every page of ours. It has no script and no style in itself: the content-security policy lets none run. */
export function page(reader: Reader, { title, main, script, goOnTo }: PageParts): string {
  const { language } = reader
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${goOnTo !== undefined && html`<meta http-equiv="refresh" content="0;url=${goOnTo}" />`}
        <title>${title === brand ? brand : `${title} · ${brand}`}</title>
        <link rel="icon" type="image/svg+xml" href="${staticPath}/pages/mark.svg" />
        <link rel="stylesheet" href="${staticPath}/pages/pages.css" />
        ${[...(script ? [script] : []), 'account'].map(
          (name) => html`<script type="module" src="${staticPath}/pages/browser/${name}.js"></script>`,
        )}
      </head>
      <body>
        <header>
          <a class="brand" href="/">${mark}<span>${brand}</span></a>
          ${accountOf(reader)} ${languageChoice(language)}
        </header>
        <main>${main}</main>
      </body>
    </html> `.text
}

export const brand = 'Linha Viva'

/** The line under voltage that the name speaks of. */
const mark = html`<svg class="mark" viewBox="0 0 40 24" aria-hidden="true">
  <path d="M0 12h11l3-7 5 14 4-11 2.500 4H40" />
</svg>`

/** The same line across a page, and what flows in it. */
export const liveLine = html`<svg class="live-line" viewBox="0 0 200 72" aria-hidden="true">
  <path class="wire" d="M-3000 36H76.500l10-24 16 46 13-36 8 14h3076" />
  <path class="current" d="M-900 36H76.500l10-24 16 46 13-36 8 14h976.500" pathLength="100" />
</svg>`

function accountOf({ language, identity }: Reader): Html | undefined {
  if (!identity) return undefined
  const { account, roles } = texts[language]
  return html`<div class="account" role="group" aria-label="${account.label}">
    <p><b>${identity.username}</b> <span>${roles[identity.role]}</span></p>
    <a class="quiet" href="/password">${account.password}</a>
    <button type="button" class="quiet" data-log-out data-failed="${account.failed}">${account.logOut}</button>
  </div>`
}

const names: Readonly<Record<Language, string>> = { 'pt-BR': 'Português', 'en-US': 'English' }

const languageChoice = (spoken: Language): Html =>
  html`<div class="language" role="group" aria-label="${texts[spoken].language}">
    ${languages.map(
      (language) =>
        html`<button
          type="button"
          lang="${language}"
          data-language="${language}"
          aria-label="${names[language]}"
          aria-pressed="${String(language === spoken)}"
        >
          ${language.slice(0, 2).toUpperCase()}
        </button>`,
    )}
  </div>`
