import { contractExamples, type ContractExample } from './examples.ts'
import { fieldContract, type FieldMessageContract, type FieldMessageKind } from './contract.ts'
import { reasons } from './reasons.ts'

/** Major version of the contract: it changes when a device that kept to the contract would no longer be understood. */
const version = 'v1'

/** The contract as it is published: text by file name, relative to `docs/contract`. */
export function publishedFiles(): Map<string, string> {
  const files = new Map<string, string>()
  for (const kind of messageKinds) files.set(`${version}/${nameOf(kind)}.schema.json`, json(schemaDocument(kind)))
  for (const example of contractExamples) files.set(exampleFile(example), json(example.payload))
  return files
}

/** A message's schema on its own: JSON Schema 2020-12, without what only this program can see. */
export function schemaDocument(kind: FieldMessageKind): Record<string, unknown> {
  const { $id, title, ...schema } = JSON.parse(JSON.stringify(fieldContract[kind].schema)) as Record<string, unknown>
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:linhaviva:contract:${version}:${String($id)}`,
    title,
    ...schema,
  }
}

export const exampleFile = ({ kind, shows }: ContractExample): string =>
  `${version}/examples/${nameOf(kind)}.${shows}.json`

/**
 * Puts the tables that the code knows into a page, each between its marks `<!-- name -->` and `<!-- /name -->`.
 * @throws Error where a pair of marks is missing
 */
export function withTables(page: string): string {
  let written = page
  for (const [name, table] of Object.entries(tables)) {
    const [before, inside, after] = splitAt(written, `<!-- ${name} -->`, `<!-- /${name} -->`)
    if (inside === undefined) throw new Error(`the page has no place for the table of ${name}`)
    written = `${before}<!-- ${name} -->\n\n${table()}\n\n<!-- /${name} -->${after}`
  }
  return written
}

const messageKinds = Object.keys(fieldContract) as FieldMessageKind[]

const nameOf = (kind: FieldMessageKind): string => fieldContract[kind].schema.$id ?? kind

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

const tables: Readonly<Record<string, () => string>> = {
  messages: () =>
    table(
      ['message', 'topic', 'direction', 'QoS', 'retained', 'nature', 'window', 'may raise'],
      messageKinds.map((kind) => {
        const message: FieldMessageContract = fieldContract[kind]
        const { topic, direction, retained, nature, aggregationWindow, mayRaise } = message
        const name = `[${nameOf(kind)}](${version}/${nameOf(kind)}.schema.json)`
        const device = `\`${topic.replace('+', kind === 'alarm' ? '<alarm>' : '<device>')}\``
        const window = aggregationWindow === undefined ? '–' : `\`${aggregationWindow}\``
        const conditions = mayRaise.map((condition) => `\`${condition}\``).join(', ') || '–'
        return [name, device, direction, '1', retained ? 'yes' : 'no', nature, window, conditions]
      }),
    ),
  reasons: () =>
    table(
      ['code', 'English', 'português'],
      Object.entries(reasons).map(([code, { en, pt }]) => [`\`${code}\``, en, pt]),
    ),
  examples: () =>
    table(
      ['example', 'topic'],
      contractExamples.map((example) => {
        const file = exampleFile(example)
        return [`[${nameOf(example.kind)}: ${example.shows.replaceAll('-', ' ')}](${file})`, `\`${example.topic}\``]
      }),
    ),
}

function table(heads: string[], rows: string[][]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function splitAt(text: string, opening: string, closing: string): [string, string | undefined, string] {
  const from = text.indexOf(opening)
  const to = text.indexOf(closing)
  if (from < 0 || to < from) return [text, undefined, '']
  return [text.slice(0, from), text.slice(from + opening.length, to), text.slice(to + closing.length)]
}
