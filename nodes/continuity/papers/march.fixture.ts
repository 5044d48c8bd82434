import type { Database } from '../../../platform/storage/database.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { manyUnits, seedUnits } from './outages.fixture.ts'

const at = (text: string): number => Date.parse(text)

/**
 * March of 2026 of a small distributor: two conjuntos, one of them in Manaus, units of low and medium voltage; a storm over both,
 * a programmed interruption, one across the months, a critical day, an emergency, one from outside, a suspension and a short one.
 */
export async function seedMarch(database: Database): Promise<void> {
  const sp = manyUnits(8, 'sp', '14236', 3_550_308)
  const am = [
    ...manyUnits(3, 'am', '7', 1_302_603),
    { unitId: 'am-mt', conjuntoId: '7', municipalityCode: 1_301_902, nominalV: 13_800, area: 'non_urban' as const },
  ]
  await seedUnits(database, [...sp, ...am], { '7': 'America/Manaus' })
  for (const [table, columns, ...rows] of [
    [
      'conjunto_limit',
      'conjunto_id, year, dec_hundredths, fec_hundredths',
      "'14236', 2026, 450, 400",
      "'7', 2026, 4150, 3000",
    ],
    [
      'critical_day',
      'conjunto_id, day, occurrences, threshold, basis, approval_id',
      `'7', '2026-03-20', 9, 4.5, '{}', 1`,
    ],
    [
      'emergency_situation',
      'situation_id, basis, decree, conjunto_ids, municipality_codes, starts_at, ends_at, description, evidence, approval_id',
      `'ise-1', 'decree', 'Decreto 12/2026', '{14236}', '{}', '2026-03-25T00:00Z', '2026-03-28T00:00Z', 'flood', 'decree', 1`,
    ],
    [
      'emergency_occurrence',
      'occurrence_id, conjunto_id, opened_at, dispatched_at, arrived_at, closed_at, with_interruption',
      `'oc-1', '14236', '2026-03-10T12:05Z', '2026-03-10T12:25Z', '2026-03-10T13:05Z', '2026-03-10T19:00Z', true`,
      `'oc-2', '14236', '2026-03-12T12:00Z', '2026-03-12T12:10Z', '2026-03-12T12:40Z', '2026-03-12T13:00Z', false`,
      // By the clocks of Manaus it is still February.
      `'oc-3', '7', '2026-03-01T03:30Z', null, null, null, true`,
    ],
  ] as const)
    await database.query(`insert into ${table} (${columns}) values ${rows.map((row) => `(${row})`).join(', ')}`)
  await database.query(
    `insert into individual_limit_row (voltage_class, area, up_to_hundredths, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source)
     values ('BT', 'urban', null, '2026-01-01', 3, 2, 3, 8, 24, 'a test'), ('MT', 'non_urban', null, '2026-01-01', 3, 2, 3, 21, 48, 'a test')`,
  )
  await database.query(
    `insert into unit_monetary_base (unit_id, month, vrc_brl, source) select unit_id, '2026-03-01', 60, 'a test' from consumer_unit`,
  )
  const of = (units: readonly { unitId: string }[], from: string, until: string | null) =>
    units.map(({ unitId }) => ({ unitId, from: at(from), until: until === null ? null : at(until) }))
  const { interruptionIds } = await seedInterruptions(
    database,
    [
      {
        units: [
          ...of(sp.slice(0, 6), '2026-03-10T12:00Z', '2026-03-10T19:00Z'),
          ...of(am, '2026-03-10T12:00Z', '2026-03-10T19:00Z'),
        ],
        ...{ feederId: null, cause: 'wind' },
      },
      {
        units: of(sp, '2026-03-12T12:00:30Z', '2026-03-12T14:00:00Z'),
        programmed: true,
        elementKind: 'section',
        elementId: 's-1',
      },
      {
        units: of(sp.slice(0, 2), '2026-03-31T23:00Z', '2026-04-01T08:00Z'),
        elementKind: 'transformer',
        elementId: 't-1',
      },
      { units: of(am, '2026-03-20T05:00Z', '2026-03-20T20:00Z') },
      { units: of(sp.slice(0, 4), '2026-03-25T10:00Z', '2026-03-27T10:00Z') },
      {
        units: of(sp.slice(7), '2026-03-15T10:00Z', '2026-03-15T11:00Z'),
        origin: 'external',
        elementKind: 'source',
        elementId: 'q-1',
      },
      { units: of(sp.slice(7), '2026-03-17T10:00Z', '2026-03-17T13:00Z'), elementKind: 'unit', elementId: 'sp-8' },
      { units: of(sp, '2026-03-18T10:00:00Z', '2026-03-18T10:02:59Z') },
      { units: of(sp.slice(5, 6), '2026-04-15T10:00Z', null) },
    ],
    at('2026-04-15T11:00Z'),
  )
  await database.query(
    `insert into interruption_exclusion (interruption_id, unit_id, reason, situation_id, evidence, approval_id)
     values ($1, null, 'emergency', 'ise-1', 'decree', 1), ($2, 'sp-8', 'suspension', null, 'not paid', 1)`,
    [interruptionIds[4], interruptionIds[6]],
  )
  await database.query("update emergency_occurrence set interruption_id = $1 where occurrence_id = 'oc-1'", [
    interruptionIds[0],
  ])
}
