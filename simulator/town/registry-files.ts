import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../usage-error.ts'
import { nominalV, type TownPlan } from './town-plan.ts'

type Row = Readonly<Record<string, string | number | boolean | undefined>>

/** The town as the registry takes it (`npm run registry -- import <folder>`): file name and text. */
export function registryFiles({ feeders, chargePoints, batteries, plants }: TownPlan): Map<string, string> {
  const ders = [
    ...chargePoints.map((point) => ({
      spec: point,
      type: 'ev',
      more: { least_kw: kw(point.leastKw), fallback_kw: 0 },
    })),
    ...batteries.map((battery) => ({
      ...{ spec: battery, type: 'battery' },
      more: { fallback_kw: 0, capacity_kwh: battery.capacityKwh },
    })),
    // Who hears nothing any more feeds in what the sun gives.
    ...plants.map((plant) => ({ spec: plant, type: 'pv', more: { fallback_kw: -plant.pMaxKw } })),
  ]
  const devices: Row[] = [
    ...feeders.map(({ id, headMeterId }) => ({
      ...{ device_id: headMeterId, kind: 'meter', feeder_id: id, nominal_voltage_v: nominalV, is_physical: false },
    })),
    ...ders.map(({ spec, type, more }) => ({
      ...{ device_id: spec.id, kind: 'der', der_type: type, site_id: spec.siteId, feeder_id: spec.feederId },
      ...{ nominal_voltage_v: nominalV, rated_kw: kw(spec.pMaxKw), priority: spec.priority, is_physical: false },
      ...{ phases: spec.phases, ...more },
    })),
  ]
  return new Map([
    [
      'feeders.csv',
      csv(
        ['feeder_id', 'parent_feeder_id', 'name', 'limit_kw', 'head_meter_id', 'nominal_voltage_v'],
        feeders.map(({ id, parentId, name, limitKw, headMeterId }) => ({
          ...{ feeder_id: id, parent_feeder_id: parentId, name, limit_kw: limitKw, head_meter_id: headMeterId },
          nominal_voltage_v: nominalV,
        })),
      ),
    ],
    [
      'sites.csv',
      csv(
        ['site_id', 'feeder_id'],
        ders.map(({ spec }) => ({ site_id: spec.siteId, feeder_id: spec.feederId })),
      ),
    ],
    [
      'devices.csv',
      csv(
        [
          ...['device_id', 'kind', 'der_type', 'site_id', 'feeder_id', 'nominal_voltage_v', 'rated_kw', 'priority'],
          ...['is_physical', 'phases', 'least_kw', 'fallback_kw', 'capacity_kwh'],
        ],
        devices,
      ),
    ],
  ])
}

/**
 * Writes them into a folder, which is made where it is not there.
 * @returns the paths written
 * @throws UsageError where it cannot be written
 */
export function writeRegistryFiles(folder: string, plan: TownPlan): string[] {
  try {
    mkdirSync(folder, { recursive: true })
    return [...registryFiles(plan)].map(([name, text]) => {
      const path = join(folder, name)
      writeFileSync(path, text)
      return path
    })
  } catch (error) {
    throw new UsageError(`--registry ${folder}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** As the registry rounds nothing: three decimals are a watt. */
const kw = (value: number): number => Math.round(value * 1000) / 1000

/** Commas, and no text of the town has any. */
const csv = (columns: readonly string[], rows: readonly Row[]): string =>
  [columns.join(','), ...rows.map((row) => columns.map((name) => row[name] ?? '').join(','))].join('\n') + '\n'
