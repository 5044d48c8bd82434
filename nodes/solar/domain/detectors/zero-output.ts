import type { PanelView } from './panel-view.ts'
import { clear, holds, unknown, type Verdict } from './verdict.ts'

/** A share of what it should generate below which a panel generates nothing. */
const nothing = 0.02
/** Least irradiance at which a panel must show something, W/m². */
const leastWm2 = 100
/** Of the voltage at maximum power: open circuit is 15 to 30 % above it, in little light still at it. */
const openCircuit = 0.9
/** Of the current that it should carry: what shows that current flows, and that none does. */
const flows = 0.5
const idle = 0.05

/** What a panel that should generate does instead of it; `null`: nobody can tell. */
export type Output = 'generates' | 'dead' | 'open' | 'shorted' | null

/**
 * Nothing comes from a panel in daylight, and voltage and current say why: voltage without current is an open string, current
 * without voltage a short circuit; neither, or nobody measures them, a dead panel.
 */
export function outputOf({ isJudged, expected, sample, panel, power, wantedA }: PanelView): Output {
  if (!isJudged || power === null || expected!.irradianceWm2 < leastWm2) return null
  if (power >= nothing) return 'generates'
  const { voltageV, currentA } = sample!
  const hasVoltage = voltageV !== null && voltageV >= openCircuit * panel.ratedV
  const carries = (share: number) => currentA !== null && currentA >= share * wantedA
  if (hasVoltage && !carries(idle)) return 'open'
  return !hasVoltage && carries(flows) ? 'shorted' : 'dead'
}

/** A panel is dead: neither power nor anything that says where it went. */
export const zeroOutput = (view: PanelView): Verdict => says(view, 'dead')

/** The string of a panel is open: voltage of an open circuit, no current. */
export const stringOpen = (view: PanelView): Verdict => says(view, 'open')

/** A panel is shorted: current without voltage. */
export const shorted = (view: PanelView): Verdict => says(view, 'shorted')

function says(view: PanelView, sought: Output): Verdict {
  const output = outputOf(view)
  if (output === null) return unknown
  if (output !== sought) return clear
  const { powerW, voltageV, currentA } = view.sample!
  return holds(
    'high',
    { feature: 'power_w', value: powerW!, expected: view.wantedW, unit: 'W' },
    ...(voltageV === null
      ? []
      : [{ feature: 'voltage_v', value: voltageV, expected: view.panel.ratedV, unit: 'V' } as const]),
    ...(currentA === null
      ? []
      : [{ feature: 'current_a', value: currentA, expected: view.wantedA, unit: 'A' } as const]),
  )
}
