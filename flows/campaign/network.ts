import type { Traits } from './counting-device.ts'

/** One file of the registry. */
export interface RegistryFile {
  readonly name: string
  readonly csv: string
}

/** Where the devices of a campaign stand, as the registry takes it in: each switch and each meter on a branch of its own. */
export function registryOf(devices: readonly Traits[]): RegistryFile[] {
  const of = (kind: Traits['kind']): string[] =>
    devices.filter((one) => one.kind === kind).map(({ deviceId }) => deviceId)
  const [switches, meters, ders] = [of('switch'), of('meter'), of('der')]
  const table = (name: string, header: string, rows: readonly string[]): RegistryFile => ({
    name,
    csv: [header, ...rows, ''].join('\n'),
  })
  return [
    table('feeders', 'feeder_id', ['campaign']),
    table('sites', 'site_id,feeder_id', ['campaign,campaign']),
    table('conjuntos', 'conjunto_id,name', ['campaign,Campaign']),
    table('devices', 'device_id,kind,der_type,feeder_id,site_id,rated_kw,nominal_voltage_v', [
      ...switches.map((id) => `${id},switch,,campaign,,,`),
      ...meters.map((id) => `${id},meter,,campaign,campaign,,220`),
      ...ders.map((id) => `${id},der,battery,campaign,campaign,10,`),
    ]),
    table(
      'units',
      'unit_id,site_id,feeder_id,nominal_voltage_v,phases,conjunto_id,municipality_code',
      meters.map((id) => `unit-${id},campaign,campaign,220,A,campaign,3550308`),
    ),
    table(
      'meters',
      'unit_id,device_id,valid_from',
      meters.map((id) => `unit-${id},${id},2020-01-01`),
    ),
    table('sources', 'source_id,section_id,feeder_id', ['source,trunk,campaign']),
    table(
      'switches',
      'switch_id,section_a,section_b,normally_closed,load_break',
      switches.map((id) => `${id},trunk,behind-${id},true,true`),
    ),
    table(
      'supplies',
      'unit_id,section_id',
      meters.map((id) => `unit-${id},trunk`),
    ),
  ]
}
