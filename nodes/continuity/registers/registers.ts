import { InstantParameter } from '../../../platform/http/fields.ts'
import {
  listConjuntoUnits,
  listMonetaryBases,
  removeConjuntoUnits,
  removeMonetaryBases,
  saveConjuntoUnits,
  saveMonetaryBases,
} from './base-repository.ts'
import {
  day,
  hundredths,
  instant,
  limit,
  money,
  month,
  name,
  one,
  optional,
  text,
  voltageClass,
  whole,
  year,
  yesOrNo,
} from './columns.ts'
import {
  listConjuntoLimits,
  listLimitRows,
  listUnitLimits,
  removeConjuntoLimits,
  removeLimitRows,
  removeUnitLimits,
  saveConjuntoLimits,
  saveLimitRows,
  saveUnitLimits,
} from './limit-repository.ts'
import {
  listDayCounts,
  listOccurrences,
  removeDayCounts,
  removeOccurrences,
  saveDayCounts,
  saveOccurrences,
} from './occurrence-repository.ts'
import type { Register, RegisterRow } from './register.ts'

const conjunto = name('The conjunto, by the number that the regulator knows it by', '12345')
const unit = name('The consumer unit', 'unit-001')
const source = text('Where it comes from', 'billing 2026-03')

const individual = {
  dic_h: limit('h', 'Limit of DIC, hours a month'),
  fic: limit('', 'Limit of FIC, interruptions a month'),
  dmic_h: limit('h', 'Limit of DMIC, hours'),
  dicri_h: optional(limit('h', 'Limit of DICRI, hours an event; empty: none, as in AT')),
  dise_h: optional(limit('h', 'Limit of DISE, hours an event; empty: none, as in AT')),
  source,
}

/** So that 18 times as much, twice over, still is an amount that can be booked. */
const mostVrcBrl = 9_999_999_999

/** The registers that continuity rests on. In the order in which people read of them. */
export const registers: readonly Register[] = [
  {
    name: 'conjunto-limits',
    operation: 'ConjuntoLimits',
    title: 'Yearly limits of DEC and FEC that the regulator sets for a conjunto',
    description: 'Kept as whole hundredths.',
    columns: {
      conjunto_id: conjunto,
      year: year('Civil year that it is for'),
      dec: hundredths('Limit of DEC, hours a year'),
      fec: hundredths('Limit of FEC, interruptions a year'),
    },
    key: ['conjunto_id', 'year'],
    of: 'conjunto',
    ...{ readRight: 'read', writeRight: 'administer' },
    filters: { conjuntoId: conjunto.schema, year: year('Civil year').schema },
    example: 'conjunto_id,year,dec,fec\n12345,2026,10.50,7.25\n',
    ...{ save: saveConjuntoLimits, list: listConjuntoLimits, remove: removeConjuntoLimits },
  },
  {
    name: 'conjunto-units',
    operation: 'ConjuntoUnits',
    title: 'Consumer units of a conjunto in a month (NUC)',
    description: 'Where another number holds than that of the units that the registry has.',
    columns: {
      conjunto_id: conjunto,
      month: month('Month that it is for'),
      units: whole(1, 100_000_000, 'Consumer units'),
    },
    key: ['conjunto_id', 'month'],
    of: 'conjunto',
    ...{ readRight: 'read', writeRight: 'administer' },
    filters: { conjuntoId: conjunto.schema, month: month('Month').schema },
    example: 'conjunto_id,month,units\n12345,2026-03,18204\n',
    ...{ save: saveConjuntoUnits, list: listConjuntoUnits, remove: removeConjuntoUnits },
  },
  {
    name: 'unit-limits',
    operation: 'UnitContinuityLimits',
    title: 'Limits of DIC, FIC, DMIC, DICRI and DISE of one unit',
    description: "In the stead of those of the norm's tables, from a month on.",
    columns: { unit_id: unit, from_month: month('First month in which they hold'), ...individual },
    key: ['unit_id', 'from_month'],
    of: 'unit',
    ...{ readRight: 'read', writeRight: 'administer' },
    filters: { unitId: unit.schema },
    example: 'unit_id,from_month,dic_h,fic,dmic_h,dicri_h,dise_h,source\nunit-001,2026-01,8,5,6,8,24,contract 17\n',
    ...{ save: saveUnitLimits, list: listUnitLimits, remove: removeUnitLimits },
  },
  {
    name: 'limit-rows',
    operation: 'IndividualLimitRows',
    title: 'Rows of the tables of individual limits (Anexo 8.B)',
    description:
      'Those that are not known here (tables 1, 4 and 5: AT and BT; the bounds of table 3), and those that hold otherwise than they stand here.',
    columns: {
      voltage_class: voltageClass,
      area: optional(one(['urban', 'non_urban'], 'Empty: both')),
      up_to: optional(hundredths("The conjunto's yearly limit up to which the row holds; empty: above all others")),
      from_month: month('First month in which it holds'),
      ...individual,
    },
    key: ['voltage_class', 'area', 'up_to', 'from_month'],
    of: null,
    ...{ readRight: 'read', writeRight: 'administer' },
    filters: { voltageClass: voltageClass.schema },
    example:
      'voltage_class,area,up_to,from_month,dic_h,fic,dmic_h,dicri_h,dise_h,source\nBT,urban,5,2022-01,8,5,6,8,24,Anexo 8.B table 4\n',
    ...{ save: saveLimitRows, list: listLimitRows, remove: removeLimitRows },
  },
  {
    name: 'monetary-bases',
    operation: 'MonetaryBases',
    title: 'Monetary base of the compensation of a unit in a month (VRC; until 2021 EUSD)',
    description: 'Personal data, for it tells of consumption: every look at it is recorded in the access log.',
    columns: {
      unit_id: unit,
      month: month('Month that it is for'),
      vrc_brl: money(mostVrcBrl, 'VRC, R$'),
      source,
    },
    key: ['unit_id', 'month'],
    of: 'unit',
    ...{ readRight: 'personal', writeRight: 'administer' },
    filters: { unitId: unit.schema, month: month('Month').schema },
    example: 'unit_id,month,vrc_brl,source\nunit-001,2026-03,60.00,billing 2026-03\n',
    ...{ save: saveMonetaryBases, list: listMonetaryBases, remove: removeMonetaryBases },
  },
  {
    name: 'emergency-occurrences',
    operation: 'EmergencyOccurrences',
    title: 'Emergency occurrences and their service',
    description:
      'One service a row, those that interrupted nobody too. It may be told as it goes on: an instant that is known stays known where a later row leaves it empty.',
    columns: {
      occurrence_id: name('The occurrence', 'OC-2026-000123'),
      conjunto_id: conjunto,
      opened_at: instant('When it was opened'),
      dispatched_at: optional(instant('When a crew was sent')),
      arrived_at: optional(instant('When the crew was there')),
      closed_at: optional(instant('When the work was done')),
      with_interruption: yesOrNo('Whether somebody was interrupted'),
      interruption_id: optional(whole(1, 2_147_483_647, 'The interruption here, where it is known')),
    },
    key: ['occurrence_id'],
    of: 'conjunto',
    ...{ readRight: 'read', writeRight: 'operate' },
    filters: {
      conjuntoId: conjunto.schema,
      from: InstantParameter('Opened at or after'),
      to: InstantParameter('Opened before'),
    },
    example:
      'occurrence_id,conjunto_id,opened_at,dispatched_at,arrived_at,closed_at,with_interruption\nOC-1,12345,2026-03-10T14:00:00-03:00,2026-03-10T14:10:00-03:00,2026-03-10T14:40:00-03:00,2026-03-10T15:40:00-03:00,yes\n',
    check: checkOrder,
    ...{ save: saveOccurrences, list: listOccurrences, remove: removeOccurrences },
  },
  {
    name: 'emergency-days',
    operation: 'EmergencyDays',
    title: 'How many emergency occurrences a conjunto had on a day',
    description:
      'For history whose occurrences are not here one by one, such as the 24 months before. Where a count is entered, it holds, and occurrences of that day are not counted.',
    columns: {
      conjunto_id: conjunto,
      day: day('Civil day of the conjunto'),
      occurrences: whole(0, 1_000_000, 'Emergency occurrences that were opened on it'),
    },
    key: ['conjunto_id', 'day'],
    of: 'conjunto',
    ...{ readRight: 'read', writeRight: 'operate' },
    filters: { conjuntoId: conjunto.schema, from: day('From this day on').schema, to: day('Before this day').schema },
    example: 'conjunto_id,day,occurrences\n12345,2024-01-01,7\n',
    ...{ save: saveDayCounts, list: listDayCounts, remove: removeDayCounts },
  },
]

export const registerNamed = (wanted: string): Register | undefined => registers.find((one) => one.name === wanted)

const steps = ['opened_at', 'dispatched_at', 'arrived_at', 'closed_at'] as const

/** A service is opened, dispatched, arrives and is closed, in this order. */
function checkOrder(row: RegisterRow): { column: string; problem: string } | undefined {
  const known = steps.filter((step) => row[step] !== null)
  const wrong = known.findIndex(
    (step, index) => index > 0 && (row[step] as number) < (row[known[index - 1]!] as number),
  )
  return wrong < 0 ? undefined : { column: known[wrong]!, problem: `is before ${known[wrong - 1]!}` }
}
