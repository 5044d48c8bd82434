import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installation } from '../../../platform/runtime/installation.ts'
import { defaultClasses } from '../domain/default-classes.ts'
import { defaultTable } from '../domain/default-table.ts'
import type { AlarmClass, AlarmDefinition } from '../domain/definition.ts'
import { dayMs, hourMs, minuteMs } from '../domain/durations.ts'
import { scopeKey } from '../domain/master-table.ts'

const page = join(installation, 'docs', 'master-alarm-table.md')

/** The page on the master alarm table as it is. */
export const readPage = (): string => readFileSync(page, 'utf8')

/** The page with what is shipped as it is now between its marks. */
export const withDefaults = (text: string): string =>
  [
    ['classes', classTable(defaultClasses)] as const,
    ['entries', entryTable(defaultTable.definitions)] as const,
    ['texts', defaultTable.definitions.map(textsOf).join('\n\n')] as const,
  ].reduce(
    (before, [mark, content]) =>
      before.replace(
        new RegExp(`(<!-- ${mark} -->\\r?\\n)[^]*?(<!-- /${mark} -->)`),
        (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`,
      ),
    text,
  )

const classTable = (classes: readonly AlarmClass[]): string =>
  tableOf(
    ['Class', 'Shelved at most', 'Latching', 'Re-alarm', 'Escalation, unacknowledged for', 'Why it is one'],
    classes.map(({ name, mostShelvedMs, latching, reAlarmMs, escalation, reason }) => [
      `\`${name}\``,
      duration(mostShelvedMs),
      latching ? 'yes' : 'no',
      durationOr(reAlarmMs, 'never'),
      escalation.map(({ afterMs, role }) => `${duration(afterMs)}: ${role}`).join('; ') || 'none',
      reason.en,
    ]),
  )

const entryTable = (definitions: readonly AlarmDefinition[]): string =>
  tableOf(
    ['Entry', 'Class', 'Priority', 'Time to respond', 'On-delay', 'Off-delay', 'Explained by'],
    definitions.map(({ scope, className, priority, timeToRespondMs, onDelayMs, offDelayMs, explainedBy }) => [
      `\`${scopeKey(scope)}\``,
      className,
      priority ?? 'as the condition says',
      duration(timeToRespondMs),
      durationOr(onDelayMs || null, ''),
      durationOr(offDelayMs || null, ''),
      explainedBy.map((kind) => `\`${kind}\``).join(', '),
    ]),
  )

const textsOf = ({ scope, cause, consequence, operatorAction }: AlarmDefinition): string =>
  [
    `### \`${scopeKey(scope)}\``,
    '',
    `- **Cause**: ${cause.en}`,
    `- **Consequence**: ${consequence.en}`,
    `- **Operator action**: ${operatorAction.en}`,
  ].join('\n')

/** A table in Markdown; columns are padded as the formatter pads them. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

const durationOr = (ms: number | null, otherwise: string): string => (ms === null ? otherwise : duration(ms))

function duration(ms: number): string {
  if (ms % dayMs === 0) return `${ms / dayMs} d`
  if (ms % hourMs === 0) return `${ms / hourMs} h`
  return ms % minuteMs === 0 ? `${ms / minuteMs} min` : `${ms / 1_000} s`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync(page, withDefaults(readPage()))
