import { Readable } from 'node:stream'

/** First instant of files, midnight of UTC; their noon is noon of UTC. */
export const fileBegin = Date.UTC(2026, 0, 5)
const hourMs = 3_600_000

/** What a panel shows at an instant. */
export interface Shown {
  readonly temperature_celsius: number
  readonly voltage_volts: number
  readonly current_amperes: number
  readonly power_output_watts: number
  readonly irradiance_wm2: number
}

export interface FileStory {
  readonly panels: number
  readonly days: number
  /** Between rows of a panel, s. */
  readonly stepS: number
  /** What a panel shows instead, and its label. */
  readonly report?: (panel: number, hours: number, healthy: Shown) => Partial<Shown> & { readonly label?: string }
}

/** A sun of half a sine from 6 to 18 h under a sky without clouds, with a little noise that is always the same. */
function healthy(panel: number, at: number): Shown {
  const hour = ((at - fileBegin) / hourMs) % 24
  const irradiance = Math.max(0, 1_000 * Math.sin((Math.PI * (hour - 6)) / 12))
  const cellC = 22 + irradiance / 40
  const noise = 1 + 0.005 * Math.sin(panel * 12.9898 + at / 7e5)
  const power = 0.4 * irradiance * (1 - 0.0035 * (cellC - 25)) * noise
  const voltage = irradiance > 0 ? 41 * (1 - 0.003 * (cellC - 25)) * (2 - noise) : 0
  return {
    temperature_celsius: cellC + Math.sin(panel + at / 9e5),
    voltage_volts: voltage,
    current_amperes: voltage > 0 ? power / voltage : 0,
    power_output_watts: power,
    irradiance_wm2: irradiance,
  }
}

/** Lines of a file, its header first. */
export function* fileLines({ panels, days, stepS, report }: FileStory): Generator<string> {
  yield 'timestamp,panel_id,temperature_celsius,voltage_volts,current_amperes,power_output_watts,irradiance_wm2,label\n'
  for (let at = fileBegin; at < fileBegin + days * 24 * hourMs; at += stepS * 1_000)
    for (let panel = 1; panel <= panels; panel++) {
      const well = healthy(panel, at)
      const { label = '', ...shown } = { ...well, ...report?.(panel, (at - fileBegin) / hourMs, well) }
      const cells = [shown.temperature_celsius, shown.voltage_volts, shown.current_amperes, shown.power_output_watts]
      const measures = [...cells, shown.irradiance_wm2].map((value) => value.toFixed(3))
      yield `${[new Date(at).toISOString(), `p-${panel}`, ...measures, label].join(',')}\n`
    }
}

export const fileOf = (story: FileStory): Readable => Readable.from(fileLines(story))
