import type { EmergencyServiceMonth } from './emergency-service.ts'
import type { Conjunto, ReportedMonth } from './official-index.ts'

/** Codes of the emergency service of a conjunto and month, in the order in which they are written. */
export const serviceCodes = ['TMP', 'TMD', 'TME', 'NumOcorr', 'Nie', 'NDIACRI'] as const

/** What is reported of the emergency service of a month: mean times in minutes, and none of no service. */
export function reportedService(
  at: { readonly conjunto: Conjunto; readonly year: number; readonly month: number },
  service: EmergencyServiceMonth,
): ReportedMonth {
  const { tmpMin: TMP, tmdMin: TMD, tmeMin: TME, numOcorr: NumOcorr, nie: Nie, ndiacri: NDIACRI } = service
  const values: Readonly<Record<(typeof serviceCodes)[number], number | null>> = {
    ...{ TMP, TMD, TME, NumOcorr, Nie, NDIACRI },
  }
  const hundredths = Object.entries(values).flatMap(([code, value]) =>
    value === null ? [] : [[code, Math.round(value * 100)] as const],
  )
  return { ...at, hundredths: Object.fromEntries(hundredths) }
}
