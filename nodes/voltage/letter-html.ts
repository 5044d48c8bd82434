import type { Letter, LetterBlock, LetterSection } from './domain/letter.ts'
import { LetterRecordError, readRecord, recordText, type LetterRecord } from './domain/letter-record.ts'
import { writtenCnpj } from '../../platform/regulation/cnpj.ts'

/** The one style of the page: whoever serves it allows this one, and no other. */
export const letterStyle = `
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 46rem; padding: 2rem 1.25rem; font: 1rem/1.5 Arial, Helvetica, sans-serif; color: #1a1a1a; background: #fff; }
header { display: flex; flex-wrap: wrap; gap: .25rem 2rem; justify-content: space-between; border-bottom: 2px solid #1a1a1a; padding-bottom: .75rem; }
header p, address { margin: 0; }
.sender { font-weight: bold; font-size: 1.1rem; }
address { margin: 1.5rem 0; font-style: normal; }
p, td, address { overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1.5rem 0 .25rem; }
h2 { font-size: 1.15rem; margin: 1.75rem 0 .5rem; break-after: avoid; }
.reference { margin: 0; color: #4a4a4a; }
.complies h2, .broken h2 { margin-top: 0; }
.complies, .broken { border: 1px solid; border-left-width: .5rem; padding: 1rem 1.25rem .25rem; margin-top: 1.25rem; }
.complies { border-color: #1b6e3c; }
.broken { border-color: #a32020; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 1rem; break-inside: avoid; }
caption { text-align: left; font-weight: bold; font-size: .9rem; padding-bottom: .35rem; }
th, td { border: 1px solid #8a8a8a; padding: .35rem .6rem; text-align: left; vertical-align: top; }
thead th { background: #ececec; }
.facts th { width: 34%; font-weight: normal; color: #4a4a4a; }
.figures th, .figures td { white-space: nowrap; }
.figures td { text-align: right; font-variant-numeric: tabular-nums; }
.figures thead th + th { text-align: right; }
.wide { overflow-x: auto; }
footer { margin-top: 2rem; border-top: 1px solid #8a8a8a; padding-top: .75rem; font-size: .85rem; color: #4a4a4a; }
@page { size: A4; margin: 18mm 16mm 20mm; @bottom-right { content: "Página " counter(page) " de " counter(pages); font: 9pt Arial, Helvetica, sans-serif; } }
@media print { body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.4; } h2 { margin-top: 1.25rem; } th, td { padding: .2rem .5rem; } .wide { overflow: visible; } }
`

const recordId = 'medicao'

/** The letter as a page that stands alone: no script, nothing from elsewhere, good to print. */
export function letterHtml(letter: Letter): string {
  const { title, sender, addressee, date, reference, complies, sections, record } = letter
  const [result, ...rest] = sections
  return `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(`${title}: ${reference}`)}</title>
<style>${letterStyle}</style>
</head>
<body>
<header>
<p class="sender">${escaped(sender.name)}</p>
<p>CNPJ ${escaped(writtenCnpj(sender.cnpj))}</p>
<p><time datetime="${escaped(letter.writtenOn)}">${escaped(date)}</time></p>
</header>
<main>
<address>${addressee.map(escaped).join('<br>\n')}</address>
<h1>${escaped(title)}</h1>
<p class="reference">${escaped(reference)}</p>
<section class="${complies ? 'complies' : 'broken'}">
${sectionBody(result!)}
</section>
${rest.map((section) => `<section>\n${sectionBody(section)}\n</section>`).join('\n')}
</main>
<footer>
<p>${escaped(`${sender.name}, CNPJ ${writtenCnpj(sender.cnpj)}. ${reference}.`)}</p>
</footer>
<script type="application/json" id="${recordId}">
${recordText(record)}
</script>
</body>
</html>
`
}

/** What a page that `letterHtml` made says of its measurement. @throws LetterRecordError */
export function readLetterHtml(html: string): LetterRecord {
  const text = new RegExp(`<script type="application/json" id="${recordId}">([^<]*)</script>`).exec(html)?.[1]
  if (text === undefined) throw new LetterRecordError('the page has no record of a measurement')
  return readRecord(text)
}

const sectionBody = ({ heading, blocks }: LetterSection): string =>
  [`<h2>${escaped(heading)}</h2>`, ...blocks.map(blockHtml)].join('\n')

function blockHtml(block: LetterBlock): string {
  if (block.kind === 'paragraph') return `<p>${escaped(block.text)}</p>`
  const caption = `<caption>${escaped(block.caption)}</caption>`
  if (block.kind === 'facts') {
    const rows = block.rows.map(
      ([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`,
    )
    return `<table class="facts">\n${caption}\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`
  }
  const head = block.head.map((name) => `<th scope="col">${escaped(name)}</th>`).join('')
  const rows = block.rows.map(
    ([name, ...cells]) =>
      `<tr><th scope="row">${escaped(name!)}</th>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`,
  )
  return `<div class="wide">\n<table class="figures">\n${caption}\n<thead>\n<tr>${head}</tr>\n</thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>\n</div>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character]!)
