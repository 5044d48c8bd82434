import type { InvalidEvidence, InvalidReason, VoltageWindow } from './domain/windows.ts'

/** A window as a row has it. */
export interface WindowRow extends Omit<VoltageWindow, 'invalid'> {
  readonly reason: InvalidReason | null
  readonly evidence: InvalidEvidence | null
}

/** What is selected of a row of `voltage_window` or `measurement_window` for a `WindowRow`. @param of  alias of the table */
export const windowColumns = (of: string): string => `
  extract(epoch from ${of}.at)::float8 * 1000 as start, array[${of}.va_v, ${of}.vb_v, ${of}.vc_v] as volts, ${of}.coverage,
  array[${of}.band_a, ${of}.band_b, ${of}.band_c]::text[] as bands, ${of}.invalid_reason as reason, ${of}.evidence`

/** The window of a row, with whatever else the row says. */
export const windowOfRow = <Row extends WindowRow>({ reason, evidence, ...window }: Row) => ({
  ...window,
  ...(reason && { invalid: { reason, evidence: evidence ?? {} } }),
})
