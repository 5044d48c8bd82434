import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import { commandStates, type CommandState } from '../../platform/wire/live-command.ts'
import { colours } from './thresholds.ts'

/** What states of commands are called, and their colour: done, not done, under way, and in doubt. */
const words: Readonly<Record<CommandState, readonly [word: string, colour: string]>> = {
  pending_approval: ['aguarda aprovação', 'purple'],
  approved: ['aprovado', 'light-blue'],
  queued: ['na fila', 'light-blue'],
  selected: ['selecionado', 'blue'],
  dispatched: ['enviado', 'blue'],
  delivered: ['entregue', 'blue'],
  accepted: ['aceito', 'blue'],
  executed: ['executado', 'light-green'],
  verified: ['verificado', colours.good],
  rejected: ['recusado', colours.beyond],
  failed: ['falhou', 'dark-red'],
  expired: ['vencido', 'orange'],
  cancelled: ['cancelado', 'gray'],
  superseded: ['substituído', 'gray'],
  unknown: ['em dúvida', colours.near],
  reconciled_done: ['apurado: feito', colours.good],
  reconciled_not_done: ['apurado: não feito', colours.beyond],
}

/** Ends that mean that it was done, and all ends. */
export const doneStates: readonly CommandState[] = ['verified', 'reconciled_done']
export const endStates: readonly CommandState[] = [
  ...doneStates,
  ...(['rejected', 'failed', 'reconciled_not_done', 'expired', 'cancelled', 'superseded'] as const),
]

/** States as a list in SQL. */
export const listed = (states: readonly CommandState[]): string => states.map((state) => `'${state}'`).join(', ')

/** The state of a column as the reader sees it. */
export const stateWord = (column: string): string =>
  `case ${column}::text ${commandStates.map((state) => `when '${state}' then '${words[state][0]}'`).join(' ')} end`

/** Cells by state in their colours. */
export const stateMappings: readonly ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      commandStates.map((state, index) => [words[state][0], { color: words[state][1], index }]),
    ),
  },
]
