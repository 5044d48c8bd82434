import { Type } from '@sinclair/typebox'
import type { CsvColumn } from '../../platform/http/csv.ts'
import { Instant, Name, Nullable, OneOf } from '../../platform/http/fields.ts'
import { readingKinds, type ReadingKind } from '../../platform/wire/reading.ts'
import { seriesTables } from './series-tables.ts'

export const qualities = ['good', 'late', 'server-time', 'questionable', 'invalid'] as const

const namesOf = (part: (kind: ReadingKind) => readonly string[]) => [...new Set(readingKinds.flatMap(part))]
const measures = namesOf((kind) => seriesTables[kind].measures)
const words = namesOf((kind) => seriesTables[kind].words)
const rare = namesOf((kind) => [...(seriesTables[kind].rare?.measures ?? [])])
const rareWords = namesOf((kind) => [...(seriesTables[kind].rare?.words ?? [])])

/**
 * A stored reading as the API shows it: measures under the names of the field contract, those of its kind only. What few
 * devices report is there only where it was reported.
 */
export const ReadingSchema = Type.Object(
  {
    deviceId: Name('The device', 'pv-001'),
    timestamp: Instant('When it was measured'),
    receivedAt: Nullable(
      Instant('When it was received; null where it came in time, longer ago than commits are logged'),
    ),
    kind: OneOf(readingKinds, 'What it is a reading of'),
    quality: OneOf(qualities, 'How far it can be trusted'),
    withheld: Type.Optional(
      Type.Boolean({
        description:
          'true: power, currents and contact, or what a charge point says of its car, are left out, since the caller may not see consumption',
      }),
    ),
    ...Object.fromEntries(measures.map((name) => [name, Type.Optional(Nullable(Type.Number()))])),
    ...Object.fromEntries(words.map((name) => [name, Type.Optional(Nullable(Type.String()))])),
    ...Object.fromEntries(rare.map((name) => [name, Type.Optional(Type.Number())])),
    ...Object.fromEntries(rareWords.map((name) => [name, Type.Optional(Type.String())])),
  },
  {
    $id: 'Reading',
    description:
      'Units are in the names. Powers are positive for consumption at the terminals, negative for generation, of panels too.',
    examples: [
      {
        ...{ deviceId: 'pv-001', timestamp: '2026-11-21T12:00:00.000Z', receivedAt: '2026-11-21T12:00:00.140Z' },
        ...{ kind: 'der', quality: 'good', p_actual_kw: -3.2, p_setpoint_kw: null, soc: null, p_max_kw: 5 },
        ...{ cloud_cover_pct: 20, shortwave_radiation_wm2: 810, estimated_power_w: null },
      },
    ],
  },
)

export const readingCsv: readonly CsvColumn[] = [
  ...['deviceId', 'timestamp', 'receivedAt', 'kind', 'quality'].map((name) => ({ name, kind: 'text' as const })),
  ...measures.map((name) => ({ name, kind: 'number' as const })),
  ...words.map((name) => ({ name, kind: 'text' as const })),
  ...rare.map((name) => ({ name, kind: 'number' as const })),
  ...rareWords.map((name) => ({ name, kind: 'text' as const })),
]
