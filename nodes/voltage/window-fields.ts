import { Type, type Static } from '@sinclair/typebox'
import { Instant, Name, Nullable, OneOf, rounded, roundedOrNull } from '../../platform/http/fields.ts'
import { voltageBands } from './domain/bands.ts'
import { phases } from './domain/sample.ts'
import { invalidReasons, type InvalidEvidence, type VoltageWindow } from './domain/windows.ts'
import type { UnitWindow } from './unit-window-repository.ts'

const volts = (phase: string) =>
  Nullable(Type.Number({ description: `RMS voltage of phase ${phase} over what is covered, V`, examples: [126.4] }))
const band = (phase: string) => Nullable(OneOf(voltageBands, `Where the voltage of phase ${phase} lies`))

const Evidence = Type.Object(
  {
    phase: Type.Optional(OneOf(phases, 'On which phase')),
    timestamp: Type.Optional(Instant('When it began')),
    volts: Type.Optional(Type.Number({ description: 'The lowest voltage, or of a swell the highest, V' })),
    durationMs: Type.Optional(Type.Number({ description: 'How long it lasted, ms' })),
    eventId: Type.Optional(Type.String({ description: "The instrument's event" })),
    coverage: Type.Optional(Type.Number({ description: 'Share of the window that readings cover' })),
  },
  { description: 'What shows it' },
)

/** A 10-minute window of a unit. */
export const Window = Type.Object(
  {
    start: Instant('Beginning of the ten minutes'),
    meterId: Name('The meter that the unit had then', 'meter-001'),
    ...{ va_v: volts('A'), vb_v: volts('B'), vc_v: volts('C') },
    coverage: Type.Number({ description: 'Share of the window that readings cover, of the phase with least, 0 to 1' }),
    ...{ bandA: band('A'), bandB: band('B'), bandC: band('C') },
    valid: Type.Boolean({ description: 'Whether it counts' }),
    invalidReason: Nullable(OneOf(invalidReasons, 'Why it counts in no measurement')),
    evidence: Nullable(Evidence),
  },
  { $id: 'VoltageWindow' },
)

export const shownWindow = ({ deviceId, start, ...figures }: UnitWindow): Static<typeof Window> => ({
  ...{ start: new Date(start).toISOString(), meterId: deviceId },
  ...shownFigures(figures),
})

/** What it says, of whichever meter and ten minutes it is. */
export function shownFigures({ volts, coverage, bands, invalid }: Omit<VoltageWindow, 'start'>) {
  const [va_v, vb_v, vc_v] = volts.map((value) => roundedOrNull(value, 3))
  return {
    ...{ va_v: va_v!, vb_v: vb_v!, vc_v: vc_v!, coverage: rounded(coverage) },
    ...{ bandA: bands[0], bandB: bands[1], bandC: bands[2] },
    ...{ valid: !invalid, invalidReason: invalid?.reason ?? null },
    evidence: invalid ? shownEvidence(invalid.evidence) : null,
  }
}

function shownEvidence(evidence: InvalidEvidence): Static<typeof Evidence> {
  const { phase, at, volts, durationMs, eventId, coverage } = evidence
  return {
    ...(phase !== undefined && { phase }),
    ...(at !== undefined && { timestamp: new Date(at).toISOString() }),
    ...(volts !== undefined && { volts: rounded(volts, 3) }),
    ...(durationMs !== undefined && { durationMs }),
    ...(eventId !== undefined && { eventId }),
    ...(coverage !== undefined && { coverage: rounded(coverage) }),
  }
}
