import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { defaultChoices } from '../../../platform/regulation/options.ts'
import type { MonthFiles } from './judged-month.ts'
import { readInterruptions } from './interruption-file.ts'
import { fileOf } from './row.fixture.ts'
import { readUnits } from './unit-file.ts'

/** Cells that are left out at the end are empty. */
const padded = (unit: string): string => unit + ','.repeat(10 - unit.split(',').length)

/** A month of files without limits of conjuntos, in UTC. */
export async function monthFiles(
  units: readonly string[],
  interruptions: readonly string[],
  other: Partial<MonthFiles> = {},
): Promise<MonthFiles> {
  const known = await readUnits(
    fileOf(
      'unit_id,conjunto_id,voltage_class,area,vrc_brl,dic_h,fic,dmic_h,dic_quarter_h,fic_quarter',
      ...units.map(padded),
    ),
  )
  const rows = fileOf('unit_id,start,end,critical_day', ...interruptions)
  return {
    ...{ month: '2026-03', units: [...known.units.values()], conjuntos: new Map(), rows: [], zoneOf: () => 'UTC' },
    interruptions: await readInterruptions(rows, known.units, (_, instant) => civilDaysIn('UTC').dayOf(instant)),
    ...{ until: null, choices: defaultChoices, ...other },
  }
}
