import { layOut } from '../bench/table.ts'
import { type Breach, ruleNames } from './checks.ts'
import type { History } from './history.ts'

/** Of each rule so many breaches are told. */
const mostTold = 5

/** What a campaign came to, for people. */
export function report(history: History, counts: ReadonlyMap<string, number>, breaches: readonly Breach[]): string {
  return [
    summary(history),
    table('what was done to it', counts),
    table('how commands ended', endsOf(history)),
    verdict(breaches),
  ].join('\n\n')
}

function summary({ commands, devices, effects, sent, transitions, released }: History): string {
  const ledgers = new Set(devices.filter(({ capabilities }) => capabilities.ledger).map(({ deviceId }) => deviceId))
  const doubles = (withLedger: boolean): number => {
    const own = effects.filter(({ deviceId }) => ledgers.has(deviceId) === withLedger)
    return own.length - new Set(own.map(({ commandId }) => commandId)).size
  }
  const operates = sent.filter(({ message }) => message.phase === 'operate')
  const withoutLedger = operates.filter(({ deviceId }) => !ledgers.has(deviceId))
  return table(
    'counted',
    new Map([
      ['devices with a ledger', ledgers.size],
      ['devices without', devices.length - ledgers.size],
      ['commands', commands.length],
      ['steps of their lives', transitions.length],
      ['operates sent', operates.length],
      ['  of them again', operates.length - new Set(operates.map(({ message }) => message.command_id)).size],
      [
        '  of them again, without a ledger',
        withoutLedger.length - new Set(withoutLedger.map(({ message }) => message.command_id)).size,
      ],
      ['selects sent', sent.filter(({ message }) => message.phase === 'select').length],
      ['queries sent', sent.filter(({ message }) => message.phase === 'query').length],
      ['effects', effects.length],
      ['  double, with a ledger', doubles(true)],
      ['  double, without, by the network', doubles(false)],
      ['released by a person', released.size],
    ]),
  )
}

function endsOf({ commands }: History): ReadonlyMap<string, number> {
  const byState = Map.groupBy(commands, ({ state }) => state)
  return new Map([...byState].map(([state, of]) => [state, of.length]))
}

function verdict(breaches: readonly Breach[]): string {
  const byRule = Map.groupBy(breaches, ({ rule }) => rule)
  return ruleNames
    .flatMap((rule) => {
      const found = byRule.get(rule) ?? []
      const told = found.slice(0, mostTold).map(({ what }) => `    ${what}`)
      return [
        `${found.length === 0 ? 'holds' : 'BROKEN'}  ${rule}`,
        ...told,
        ...(found.length > mostTold ? [`    … ${found.length} in all`] : []),
      ]
    })
    .join('\n')
}

const table = (title: string, counts: ReadonlyMap<string, number>): string =>
  layOut(
    [title, ''],
    [...counts].map(([name, count]) => [`  ${name}`, String(count)]),
  ).join('\n')
