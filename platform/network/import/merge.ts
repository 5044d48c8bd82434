import { isTimeZone } from '../../clock/civil-day.ts'
import { kept } from './cells.ts'
import type { Faults } from './faults.ts'
import type { Conjunto, Device, Feeder, Known, Site, Unit, UnitService } from './network.ts'
import { mergePanelFacts, panelFaults } from './panel-facts.ts'
import { mergeSteering, steeringFaults } from './steering.ts'
import { type Cells, isFaulty, type Line, type Table, type Tables } from './tables.ts'

/** What becomes of the rows of one table. */
export interface Merged<Row> {
  /** Every row that the file names, as it will be. */
  readonly rows: ReadonlyMap<string, Row>
  /** Those that are not so yet. */
  readonly toWrite: readonly Row[]
  readonly added: number
  readonly changed: number
  readonly unchanged: number
}

export interface MergedNetwork {
  readonly feeders: Merged<Feeder>
  readonly sites: Merged<Site>
  readonly conjuntos: Merged<Conjunto>
  readonly devices: Merged<Device>
  readonly units: Merged<Unit>
  readonly services: Merged<UnitService>
  /** Devices that awaited approval and have it now. */
  readonly activated: readonly string[]
  /** Devices that stay rejected, since nobody said otherwise. */
  readonly stillRejected: readonly string[]
}

/** Rating of a panel that nobody has told another one for, kW; highest one that is believed. */
const panelKw = { usual: 0.4, most: 1 }

/**
 * Lays the files over what is known: a cell replaces the value, an empty one removes it, a column that is not there
 * leaves it. Faults: keys given twice, and values that do not go together.
 */
export function mergeNetwork(tables: Tables, known: Known, faults: Faults): MergedNetwork {
  const activated: string[] = []
  const stillRejected: string[] = []
  return {
    feeders: merge(tables.feeders, 'feeder_id', known.feeders, faults, ({ cells }, id, now) => ({
      feeder_id: id,
      parent_feeder_id: kept(cells.parent_feeder_id, now?.parent_feeder_id),
      name: kept(cells.name, now?.name),
      limit_kw: kept(cells.limit_kw, now?.limit_kw),
      head_meter_id: kept(cells.head_meter_id, now?.head_meter_id),
      nominal_voltage_v: kept(cells.nominal_voltage_v, now?.nominal_voltage_v),
    })),
    sites: merge(tables.sites, 'site_id', known.sites, faults, ({ line, cells }, id, now) => {
      const site: Site = {
        site_id: id,
        feeder_id: kept(cells.feeder_id, now?.feeder_id),
        name: kept(cells.name, now?.name),
        latitude: kept(cells.latitude, now?.latitude),
        longitude: kept(cells.longitude, now?.longitude),
        inverter_limit_kw: kept(cells.inverter_limit_kw, now?.inverter_limit_kw),
        tariff_brl_kwh: kept(cells.tariff_brl_kwh, now?.tariff_brl_kwh),
        cleaning_cost_brl: kept(cells.cleaning_cost_brl, now?.cleaning_cost_brl),
      }
      const halfKnown = (site.latitude === null) !== (site.longitude === null)
      if (halfKnown && !isFaulty(tables.sites!, cells, 'latitude') && !isFaulty(tables.sites!, cells, 'longitude')) {
        const problem = 'latitude and longitude are given together or not at all'
        faults.add({ file: tables.sites!.file, line, problem })
      }
      return site
    }),
    conjuntos: merge(tables.conjuntos, 'conjunto_id', known.conjuntos, faults, ({ line, cells }, id, now) => {
      const zone = kept(cells.time_zone, now?.time_zone)
      if (zone !== null && !isTimeZone(zone)) {
        const problem = 'not a time zone of the IANA, such as America/Manaus'
        faults.add({ file: tables.conjuntos!.file, line, column: 'time_zone', value: zone, problem })
      }
      return { conjunto_id: id, name: cells.name ?? now?.name ?? '', time_zone: zone }
    }),
    devices: merge(tables.devices, 'device_id', known.devices, faults, (line, id, now) => {
      if (line.cells.status == null && now?.status === 'rejected') stillRejected.push(id)
      const device = mergeDevice(tables.devices!, line, id, now, faults)
      if (now?.status === 'pending' && device.status === 'active') activated.push(id)
      return device
    }),
    units: merge(tables.units, 'unit_id', known.units, faults, (line, id, now) =>
      mergeUnit(tables.units!, line, id, now, faults),
    ),
    services: merge(tables.services, 'unit_id', known.services, faults, ({ cells }, id, now) => ({
      unit_id: id,
      service: kept(cells.service, now?.service),
    })),
    activated,
    stillRejected,
  }
}

/** Above it a voltage may be contracted, so far from the nominal one (PRODIST Módulo 8, items 18–22). */
const contractedAboveV = 2_300
const contractedShares = [0.95, 1.05] as const

function mergeUnit(
  table: Table<'units'>,
  { line, cells }: Line<'units'>,
  id: string,
  now: Unit | undefined,
  faults: Faults,
): Unit {
  const unit: Unit = {
    unit_id: id,
    site_id: kept(cells.site_id, now?.site_id),
    feeder_id: kept(cells.feeder_id, now?.feeder_id),
    tariff_class: kept(cells.tariff_class, now?.tariff_class),
    phases: kept(cells.phases, now?.phases) ?? 'ABC',
    // Required: absent only where it is faulty, and then nothing is written.
    nominal_voltage_v: cells.nominal_voltage_v ?? now?.nominal_voltage_v ?? 0,
    contracted_voltage_v: kept(cells.contracted_voltage_v, now?.contracted_voltage_v),
    measured_between: kept(cells.measured_between, now?.measured_between) ?? 'phase_neutral',
    conjunto_id: kept(cells.conjunto_id, now?.conjunto_id),
    area: kept(cells.area, now?.area),
    municipality_code: kept(cells.municipality_code, now?.municipality_code),
  }
  const { nominal_voltage_v: nominalV, contracted_voltage_v: contractedV, measured_between: between, phases } = unit
  const fault = (column: keyof Unit, problem: string): void =>
    faults.add({ file: table.file, line, column, value: String(unit[column]), problem })
  if (contractedV !== null && !isFaulty(table, cells, 'nominal_voltage_v')) {
    const [least, most] = contractedShares.map((share) => Math.round(share * nominalV * 1e6) / 1e6) as [number, number]
    if (nominalV <= contractedAboveV)
      fault(
        'contracted_voltage_v',
        `of a unit of ${nominalV} V: a voltage is contracted above ${contractedAboveV} V only`,
      )
    else if (contractedV < least || contractedV > most)
      fault('contracted_voltage_v', `not 95 % to 105 % of the nominal voltage: ${least} to ${most} V`)
  }
  if (between === 'phase_phase' && phases.length < 2 && !isFaulty(table, cells, 'phases'))
    fault('measured_between', `of a unit that has phase ${phases} alone`)
  return unit
}

function mergeDevice(
  table: Table<'devices'>,
  { line, cells }: Line<'devices'>,
  id: string,
  now: Device | undefined,
  faults: Faults,
): Device {
  const kind = cells.kind ?? now?.kind ?? null
  const der_type = kind === 'der' ? kept(cells.der_type, now?.der_type) : null
  const fault = (column: string, problem: string) => faults.add({ file: table.file, line, column, problem })
  if (cells.kind === 'der' && der_type === null && !isFaulty(table, cells, 'der_type')) {
    fault('der_type', 'is empty: a der needs its type (pv, battery, ev …)')
  }
  if (cells.kind !== undefined && cells.kind !== 'der' && cells.der_type != null) {
    fault('der_type', `is for DERs: this is a ${cells.kind}`)
  }
  if (cells.rating_w != null && cells.kind !== undefined && cells.kind !== 'panel') {
    fault('rating_w', `is for panels: this is a ${cells.kind}, rated by rated_kw`)
  }
  if (cells.rating_w != null && cells.rated_kw != null) fault('rating_w', 'and rated_kw are both given: give one')
  else if (kind === 'panel' && (cells.rated_kw ?? 0) > panelKw.most) {
    fault('rated_kw', `is above ${panelKw.most} kW, too much for a panel: is it in W? Then name the column rating_w`)
  }
  const device: Device = {
    device_id: id,
    kind,
    der_type,
    status: cells.status ?? (now === undefined || now.status === 'pending' ? 'active' : now.status),
    site_id: kept(cells.site_id, now?.site_id),
    feeder_id: kept(cells.feeder_id, now?.feeder_id),
    location: kept(cells.location, now?.location),
    nominal_voltage_v: kept(cells.nominal_voltage_v, now?.nominal_voltage_v),
    rated_kw: ratedKw(cells, now) ?? (kind === 'panel' ? panelKw.usual : null),
    priority: kept(cells.priority, now?.priority),
    is_physical: kept(cells.is_physical, now?.is_physical) ?? true,
    ...mergeSteering(cells, kind === 'der' ? now : undefined),
    ...mergePanelFacts(cells, kind === 'panel' ? now : undefined),
  }
  for (const { column, problem } of [...steeringFaults(device), ...panelFaults(device)])
    if (!isFaulty(table, cells, column))
      faults.add({ file: table.file, line, column, value: String(device[column]), problem })
  return device
}

function ratedKw({ rated_kw, rating_w }: Cells<'devices'>, now: Device | undefined): number | null {
  if (rating_w != null) return rating_w / 1000
  return kept(rated_kw === undefined ? rating_w : rated_kw, now?.rated_kw)
}

function merge<N extends 'feeders' | 'sites' | 'conjuntos' | 'devices' | 'units' | 'services', Row extends object>(
  table: Table<N> | undefined,
  key: keyof Cells<N> & string,
  known: ReadonlyMap<string, Row>,
  faults: Faults,
  mergeRow: (line: Line<N>, id: string, now: Row | undefined) => Row,
): Merged<Row> {
  const rows = new Map<string, Row>()
  const lines = new Map<string, number>()
  const toWrite: Row[] = []
  const counts = { added: 0, changed: 0, unchanged: 0 }
  for (const line of table?.lines ?? []) {
    const id = line.cells[key] as string | undefined
    if (id === undefined) continue
    const before = lines.get(id)
    if (before !== undefined) {
      const problem = `which is on line ${before} already`
      faults.add({ file: table!.file, line: line.line, column: key, value: id, problem })
      continue
    }
    lines.set(id, line.line)
    const now = known.get(id)
    const row = mergeRow(line, id, now)
    rows.set(id, row)
    if (now === undefined) counts.added += 1
    else if (isSame(now, row)) counts.unchanged += 1
    else counts.changed += 1
    if (now === undefined || !isSame(now, row)) toWrite.push(row)
  }
  return { rows, toWrite, ...counts }
}

const isSame = <Row extends object>(one: Row, other: Row): boolean =>
  (Object.keys(other) as (keyof Row)[]).every((column) => one[column] === other[column])
