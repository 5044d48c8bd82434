import { type Variable, variables } from './environment-variables.ts'

/** The configuration table of the README, in Markdown, with columns padded as the formatter pads them. */
export function renderEnvironmentTable(): string {
  const rows = Object.entries<Variable<string | number>>(variables).map(([name, variable]) => [
    `\`${name}\``,
    defaultOf(variable),
    purposeOf(variable),
  ])
  const all = [['Variable', 'Default', 'What it is for'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)))
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const [head, ...body] = all.map(line)
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n') + '\n'
}

function defaultOf({ default: value, productionDefault }: Variable<string | number>): string {
  if (value === undefined) return ''
  return productionDefault === undefined ? `\`${value}\`` : `\`${value}\`, in production \`${productionDefault}\``
}

const purposeOf = ({ kind, purpose }: Variable<string | number>): string =>
  kind.accepts.startsWith('one of ') ? `${purpose} (${kind.accepts.slice('one of '.length)})` : purpose
