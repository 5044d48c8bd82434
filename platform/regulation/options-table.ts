import { confidences, type RegulationOption } from './option.ts'
import { regulationOptions } from './options.ts'

/** A page in Markdown with the table of options as it is now between its marks. */
export const withOptionsTable = (page: string): string =>
  page.replace(
    /(<!-- options -->\r?\n)[^]*?(<!-- \/options -->)/,
    (_, begin: string, end: string) => `${begin}\n${renderOptionsTable(regulationOptions)}\n\n${end}`,
  )

/** Options as a table in Markdown; columns are padded as the formatter pads them. */
export function renderOptionsTable(options: Readonly<Record<string, RegulationOption>>): string {
  const head = ['Option', 'What is uncertain', 'It takes', 'Default', 'What the default rests on']
  const rows = Object.entries(options).map(([key, option]) => [
    `\`${key}\``,
    option.question.en,
    takenBy(option),
    `\`${option.default}\``,
    `${option.source} (${confidences[option.confidence].en})`,
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function takenBy(option: RegulationOption): string {
  if (option.kind === 'number')
    return [`${option.least} to ${option.most}`, option.unit.en].filter((part) => part !== '').join(' ')
  return Object.entries(option.choices)
    .map(([key, { en }]) => `\`${key}\`: ${en}`)
    .join('; ')
}
