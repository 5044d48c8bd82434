import {
  type Clouds,
  commandFaults,
  deviceFaults,
  type Fault,
  mostInjectedFaults,
  type Refusal,
  type SimulationOrder,
  type Simulator,
  type StateOfCharge,
} from '../platform/wire/simulation.ts'
import type { Faults, InjectedFault } from './faults.ts'
import type { Field } from './field.ts'
import type { Obedience } from './obedience.ts'
import { panelsOfPlant } from './plants.ts'
import { refusalOf } from './requests.ts'
import { defaultHoldMinutes, type FieldSettings } from './settings.ts'
import type { Simulation } from './simulation.ts'

const defaultCloudMinutes = 15
const minuteMs = 60_000

/** A field that runs, as it can be told what to do. */
export interface OrderedField {
  readonly settings: Pick<FieldSettings, 'field' | 'scenario' | 'simulatedSpeed' | 'start'>
  readonly simulation: Simulation
  readonly faults: Faults
  readonly obedience: Pick<Obedience, 'effects'>
}

/**
 * Does what was asked for, as of the last step: it shows from the next step on.
 * @returns why it was not done, with nothing changed
 */
export function carryOut(order: SimulationOrder, running: OrderedField): Refusal | undefined {
  const { simulation, faults } = running
  switch (order.action) {
    case 'start':
      simulation.reporting = true
      return undefined
    case 'stop':
      simulation.reporting = false
      return undefined
    case 'set_clouds':
      simulation.skies.clouds = coverOf(order.parameters, instantOf(running))
      return undefined
    case 'clear_clouds':
      simulation.skies.clouds = undefined
      return undefined
    case 'set_soc':
      return setSoc(order.parameters, running)
    case 'inject_fault':
      return inject(order.parameters, running)
    case 'clear_faults':
      faults.clear(instantOf(running))
      return undefined
  }
}

/** What the simulator is and does now. */
export function simulatorOf(running: OrderedField): Simulator {
  const { settings, simulation, faults } = running
  const at = instantOf(running)
  const { clouds, meanCoverPct } = simulation.skies
  return {
    scenario: settings.scenario ?? null,
    running: simulation.reporting,
    at: written(at),
    speed: settings.simulatedSpeed ?? 1,
    devices: countsOf(settings.field),
    cloudCoverPct: Math.round(meanCoverPct * 10) / 10,
    clouds: clouds ? { coverPct: clouds.coverPct, until: written(clouds.until) } : null,
    faults: faults.inForce(at),
    effects: running.obedience.effects,
  }
}

const written = (at: number): string => new Date(at).toISOString()

/** The last step, or the first one where it is still to come. */
const instantOf = ({ simulation, settings }: OrderedField): number => Math.max(simulation.at, settings.start)

const coverOf = ({ coverPct, forMinutes = defaultCloudMinutes }: Clouds, at: number) => ({
  coverPct,
  until: at + forMinutes * minuteMs,
})

function setSoc({ deviceId, soc }: StateOfCharge, { simulation, settings }: OrderedField): Refusal | undefined {
  const ids = settings.field.batteries.map(({ id }) => id)
  if (deviceId !== undefined && !ids.includes(deviceId))
    return refusalOf('deviceId', deviceId, `must name a battery of the simulator: ${ids.join(', ') || 'it has none'}`)
  for (const id of deviceId === undefined ? ids : [deviceId]) simulation.setSoc(id, soc)
  return undefined
}

function inject(fault: Fault, running: OrderedField): Refusal | undefined {
  const at = instantOf(running)
  const refused = reasonAgainst(fault, running, at)
  if (refused) return refused
  const { kind, deviceId, percent = 100, count = Infinity, forMinutes = Infinity, holdMinutes } = fault
  const injected: InjectedFault = {
    ...{ kind, deviceId, share: percent / 100, count },
    until: at + forMinutes * minuteMs,
    holdMs: (holdMinutes ?? defaultHoldMinutes) * minuteMs,
  }
  running.faults.inject(injected, at)
  return undefined
}

function reasonAgainst(fault: Fault, { settings, faults }: OrderedField, at: number): Refusal | undefined {
  const { kind, deviceId, percent, holdMinutes } = fault
  const { pvs, batteries, evs, meters, section, tie } = settings.field
  const panels = [...settings.field.panels, ...settings.field.plants.flatMap(panelsOfPlant)]
  const isOneOf = (devices: readonly { readonly id: string }[]) => devices.some(({ id }) => id === deviceId)
  const isOfSwitches = kind.startsWith('clock_') || commandFaults.some((name) => name === kind)
  if (deviceId !== undefined && isOneOf([section, tie]) && !isOfSwitches)
    return refusalOf('deviceId', deviceId, `must name a DER, a panel or a meter: no switch has ${kind}`)
  if (deviceId !== undefined && !isOneOf([section, tie, ...pvs, ...batteries, ...evs, ...panels, ...meters]))
    return refusalOf('deviceId', deviceId, 'must name a device of the simulator')
  const isOfDevice = deviceFaults.some((name) => name === kind)
  if (isOfDevice && deviceId !== undefined && percent !== undefined)
    return refusalOf('percent', percent, `must be left out beside deviceId: with ${kind} it is a share of devices`)
  if (holdMinutes !== undefined && kind !== 'late' && kind !== 'ack_late')
    return refusalOf('holdMinutes', holdMinutes, `must be left out: ${kind} readings are not held back, late ones are`)
  if (faults.injectedCount(at) >= mostInjectedFaults)
    return refusalOf(
      'kind',
      kind,
      `must wait: ${mostInjectedFaults} faults are in force, and no more than these may be`,
    )
  return undefined
}

const countsOf = ({ pvs, batteries, evs, panels, plants, meters }: Field): Record<string, number> => ({
  ...{ pv: pvs.length, battery: batteries.length, ev: evs.length },
  ...{ panel: panels.length + plants.flatMap(panelsOfPlant).length, meter: meters.length, switch: 2 },
})
