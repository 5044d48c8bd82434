import { BadFlag, readCommandLine, refuseWords } from '../../platform/runtime/flags.ts'
import { faultKinds, type FaultKind } from '../../simulator/plant/fault-kinds.ts'

/** What else is odd about the plant. */
export const oddities = ['covered-days', 'missing-sensors', 'wrong-clock', 'no-faults', 'pyranometer'] as const
export type Oddity = (typeof oddities)[number]

export interface JudgeFlags {
  readonly seeds: readonly number[]
  readonly days: number
  readonly panels: number
  readonly faults: readonly FaultKind[] | undefined
  readonly odd: ReadonlySet<Oddity>
  readonly forest: boolean
  readonly json: boolean
}

export const judgeUsage = `How good the detectors are, on simulated years with faults whose truth is known.

  npm run -s solar -- judge [flags]

  --seeds A,B,…      a year each (default 11,12,13); the detectors were built on 1, 2 and 3 and are judged on 11 and above
  --days N           of each year (default 365)
  --panels N         of the plant, in strings of ten (default 50)
  --faults A,B,…     only these kinds: ${faultKinds.join(', ')}
  --odd A,B,…        ${oddities.join(', ')}
  --forest           with an isolation forest, grown anew each week from what no rule doubted: takes minutes
  --json             figures as JSON
  --help             this text

Prints by kind: faults injected, panels in which they were found, missed, and wrongly called so; precision, recall and F1 with the
intervals in which they lie nineteen times of twenty (bootstrap by fault); how long after its beginning a fault was found; how
often it was found again. And alarms of panels that had nothing, a panel and month.
`

const known = {
  seeds: { type: 'string' },
  days: { type: 'string' },
  panels: { type: 'string' },
  faults: { type: 'string' },
  odd: { type: 'string' },
  forest: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/**
 * Reads the command line.
 * @returns undefined where help is asked for
 * @throws BadFlag
 */
export function readJudgeFlags(args: readonly string[]): JudgeFlags | undefined {
  const { flags, words } = readCommandLine(args, known)
  refuseWords(words)
  if (flags.has('help')) return undefined
  const list = <Word extends string>(name: 'faults' | 'odd', words: readonly Word[]): Word[] | undefined =>
    flags
      .get(name)
      ?.split(',')
      .map((given) => {
        const word = words.find((one) => one === given)
        if (word === undefined) throw new BadFlag(`--${name} takes ${words.join(', ')}, got "${given}"`)
        return word
      })
  const faults = list('faults', faultKinds)
  const odd = new Set(list('odd', oddities))
  if (faults && odd.has('no-faults')) throw new BadFlag('--faults and --odd no-faults do not go together')
  return {
    seeds: (flags.get('seeds') ?? '11,12,13').split(',').map((text) => whole('seeds', text, 0, 2 ** 31 - 1)),
    days: whole('days', flags.get('days') ?? '365', 1, 3_660),
    panels: whole('panels', flags.get('panels') ?? '50', 1, 1_000),
    ...{ faults, odd, forest: flags.has('forest'), json: flags.has('json') },
  }
}

function whole(name: string, text: string, low: number, high: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (value >= low && value <= high) return value
  throw new BadFlag(`--${name} takes whole numbers from ${low} to ${high}, got "${text}"`)
}
