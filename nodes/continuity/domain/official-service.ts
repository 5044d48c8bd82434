import type { Conjunto, ReportedMonth } from './official-index.ts'

/** Emergency services of a conjunto in a month. */
export interface EmergencyService {
  readonly conjunto: Conjunto
  readonly year: number
  readonly month: number
  /** Mean times of preparation, of the way there and of the work (TMP, TMD, TME), ms; null: of no service. */
  readonly preparationMs: number | null
  readonly displacementMs: number | null
  readonly executionMs: number | null
  readonly occurrences: number
  /** Of these, occurrences with an interruption (NIE). */
  readonly withInterruption: number
  readonly criticalDays: number
}

export const serviceCodes: readonly string[] = ['TMP', 'TMD', 'TME', 'NumOcorr', 'Nie', 'NDIACRI']

/** What is reported of a month; minutes, and of no service no mean time. */
export function reportedService(service: EmergencyService): ReportedMonth {
  const { conjunto, year, month, preparationMs, displacementMs, executionMs } = service
  const times = Object.entries({ TMP: preparationMs, TMD: displacementMs, TME: executionMs })
  const counts = { NumOcorr: service.occurrences, Nie: service.withInterruption, NDIACRI: service.criticalDays }
  const hundredths = {
    ...Object.fromEntries(times.flatMap(([code, ms]) => (ms === null ? [] : [[code, Math.round(ms / 600)]]))),
    ...Object.fromEntries(Object.entries(counts).map(([code, count]) => [code, count * 100])),
  }
  return { conjunto, year, month, hundredths }
}
