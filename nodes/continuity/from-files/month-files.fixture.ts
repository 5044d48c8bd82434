import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { defaultChoices } from '../../../platform/regulation/options.ts'
import type { MonthFiles } from './file-month.ts'
import { readInterruptions } from './interruption-file.ts'
import { fileOf } from './row.fixture.ts'
import { readUnits } from './unit-file.ts'

/** A month of files without limits of conjuntos, in UTC. */
export async function monthFiles(
  units: readonly string[],
  interruptions: readonly string[],
  other: Partial<MonthFiles> = {},
): Promise<MonthFiles> {
  const known = await readUnits(fileOf('unit_id,conjunto_id,voltage_class,area,vrc_brl,dic_h,fic,dmic_h', ...units))
  const rows = fileOf('unit_id,start,end,critical_day', ...interruptions)
  return {
    ...{ month: '2026-03', units: [...known.units.values()], conjuntos: new Map(), rows: [], zoneOf: () => 'UTC' },
    interruptions: await readInterruptions(rows, known.units, (_, instant) => civilDaysIn('UTC').dayOf(instant)),
    ...{ until: null, choices: defaultChoices, ...other },
  }
}
