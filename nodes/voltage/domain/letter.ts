import type { ExplainedMoney } from '../../../platform/regulation/money.ts'
import type { BandLimits } from './bands.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import { recordOf, type LetterRecord } from './letter-record.ts'
import { sectionsOf } from './letter-sections.ts'
import { civilDay } from './letter-words.ts'
import type { Percentages } from './percentages.ts'
import type { TransgressionRule } from './transgression.ts'
import type { Phase } from './sample.ts'
import type { Terminals } from './measuring-point.ts'

/** Valid windows of a phase, by band. */
export interface PhaseCounts {
  readonly phase: Phase
  readonly adequate: number
  readonly precarious: number
  readonly critical: number
}

/** An official measurement that has its valid windows. */
export interface CompletedMeasurement {
  readonly id: string
  readonly unitId: string
  /** Why it was made. */
  readonly kind: 'sample' | 'complaint' | 'inspection'
  /** Number of the complaint, the inspection or the draw; null where there is none. */
  readonly protocol: string | null
  readonly instrument: {
    /** Of IEC 61000-4-30. */
    readonly class: 'A' | 'S'
    readonly serial: string
    /** Civil day, `YYYY-MM-DD`; null where it was not given. */
    readonly calibratedOn: string | null
  }
  readonly referenceV: number
  readonly measuredBetween: Terminals
  readonly voltageClass: VoltageClass
  readonly bandLimits: BandLimits
  /** Beginning of its first window and end of its last one, UTC milliseconds. */
  readonly start: number
  readonly end: number
  readonly valid: number
  readonly invalid: number
  /** Those that the unit has. */
  readonly phases: readonly PhaseCounts[]
  /** Exact. */
  readonly drpPct: number
  readonly drcPct: number
  /** For one month; null where nothing is due, or the charge it goes by is not known yet. */
  readonly compensation: ExplainedMoney | null
}

/** What the distributor owes where a limit is broken, by when, and where that is written. */
export interface LetterDuties {
  /** Of each limit that is broken, as a civil day. */
  readonly regularise: readonly {
    readonly indicator: 'DRP' | 'DRC'
    readonly days: number
    readonly until: string
    readonly source: string
  }[]
  readonly creditMonths: { readonly months: number; readonly source: string }
  readonly noticeDays: { readonly days: number; readonly source: string }
}

export interface LetterFacts {
  readonly measurement: CompletedMeasurement
  readonly rule: { readonly validFrom: string; readonly source: string; readonly value: TransgressionRule }
  readonly duties: LetterDuties
  readonly percentages: Percentages
  readonly agent: { readonly name: string; readonly cnpj: string; readonly contact: string | null }
  /** Whoever held the unit; null where nobody is known. */
  readonly holder: { readonly name: string; readonly address: string | null } | null
  /** Civil day of the letter, `YYYY-MM-DD`. */
  readonly writtenOn: string
  /** IANA zone of its times. */
  readonly timeZone: string
}

export type LetterBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  /** What is what: a name and a value a row. */
  | { readonly kind: 'facts'; readonly caption: string; readonly rows: readonly (readonly [string, string])[] }
  /** Columns after the first hold figures. */
  | {
      readonly kind: 'table'
      readonly caption: string
      readonly head: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }

export interface LetterSection {
  readonly heading: string
  readonly blocks: readonly LetterBlock[]
}

/** The letter to a consumer about a measurement: what stands in it, in pt-BR, however it is shown. */
export interface Letter {
  readonly title: string
  readonly sender: { readonly name: string; readonly cnpj: string }
  /** Lines. */
  readonly addressee: readonly string[]
  readonly date: string
  /** Which measurement of which unit. */
  readonly reference: string
  readonly complies: boolean
  readonly sections: readonly LetterSection[]
  /** Civil day, `YYYY-MM-DD`. */
  readonly writtenOn: string
  /** The same for programs: it names nobody. */
  readonly record: LetterRecord
}

/** Writes the letter: the same facts make the same letter. */
export function letterOf(facts: LetterFacts): Letter {
  const { measurement, agent, holder, writtenOn } = facts
  const record = recordOf(facts)
  return {
    title: 'Resultado da medição da tensão',
    sender: { name: agent.name, cnpj: agent.cnpj },
    addressee: holder
      ? [holder.name, ...(holder.address === null ? [] : [holder.address])]
      : ['Ao titular da unidade consumidora'],
    date: civilDay(writtenOn),
    reference: `Medição ${measurement.id}, unidade consumidora ${measurement.unitId}`,
    complies: !record.drpViolated && !record.drcViolated,
    sections: sectionsOf(facts, record),
    writtenOn,
    record,
  }
}
