import type { PanelReading } from '../../platform/wire/payloads.ts'
import { round } from '../draw.ts'
import type { Shown } from '../plant/panel-sensor.ts'

/** A solar plant of the field: panels in strings on one inverter, each with a sensor of its own. */
export interface PlantSpec {
  readonly siteId: string
  readonly feederId: string
  readonly panels: number
  readonly perString: number
  /** It measures irradiance in the plane of its panels, and each panel sends it. */
  readonly pyranometer: boolean
}

/** What a panel of a plant sends. */
export function plantPanelPayload(
  panelId: string,
  { siteId, pyranometer }: Pick<PlantSpec, 'siteId' | 'pyranometer'>,
  at: number,
  shown: Shown,
  irradianceWm2: number,
): PanelReading {
  return {
    panel_id: panelId,
    timestamp: new Date(at).toISOString(),
    temperature_celsius: shown.celsius,
    voltage_volts: shown.volts,
    current_amperes: shown.amperes,
    power_output_watts: shown.watts,
    ...(pyranometer && { irradiance_wm2: round(irradianceWm2, 1) }),
    location: siteId,
  }
}
