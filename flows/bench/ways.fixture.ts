import { hasMosquitto, withoutMosquitto } from '../mosquitto.fixture.ts'
import type { Contender } from './contender.fixture.ts'
import type { Way } from './figures.ts'
import { withoutInfluxd } from './influxd.fixture.ts'
import { startLinhaViva, startLinhaVivaWithInflux } from './linha-viva.fixture.ts'
import type { Shape } from './readings.fixture.ts'
import { startStockInflux, startStockPostgresql } from './stock.fixture.ts'

/** A way that can be started, and where the search for its highest rate begins, in readings a second, by shape. */
export interface BenchWay extends Way {
  readonly firstRates: Readonly<Partial<Record<Shape, number>>>
  /** Why it cannot run here; undefined where it can. */
  readonly absent: string | undefined
  start(env: Readonly<Record<string, string>>): Promise<Contender>
}

const commit = 'the moment before its commit'

export const linhaViva: BenchWay = {
  ...{ id: 'linha-viva', name: 'Linha Viva → PostgreSQL, with roll-ups', latencyTo: commit, isOurs: true },
  firstRates: { singles: 20_000, arrays: 50_000 },
  absent: hasMosquitto ? undefined : withoutMosquitto,
  start: startLinhaViva,
}

const linhaVivaWithInflux: BenchWay = {
  ...{ id: 'linha-viva-influx', name: 'Linha Viva → PostgreSQL and InfluxDB', isOurs: true },
  latencyTo: `${commit} in PostgreSQL; stored where both have it`,
  firstRates: { singles: 8_000, arrays: 10_000 },
  absent: linhaViva.absent ?? withoutInfluxd,
  start: startLinhaVivaWithInflux,
}

const stockPostgresql: BenchWay = {
  ...{ id: 'stock-postgresql', name: 'mqtt in → json → function with pg', isOurs: false },
  latencyTo: 'the insert, the moment before its commit',
  firstRates: { singles: 3_000, arrays: 50_000 },
  absent: linhaViva.absent,
  start: (env) => startStockPostgresql({ cleanSession: true, env }),
}

/** What an engineer wires who has no statement for arrays. */
const stockSplit: BenchWay = {
  ...stockPostgresql,
  ...{ id: 'stock-split', name: 'mqtt in → json → split → function with pg' },
  firstRates: { arrays: 3_000 },
  start: (env) => startStockPostgresql({ cleanSession: true, env, split: true }),
}

const stockInflux: BenchWay = {
  ...{ id: 'stock-influx', name: 'mqtt in → json → function → influxdb out', isOurs: false },
  latencyTo: 'its being found by a query, of one reading every tenth of a second',
  firstRates: { singles: 2_000, arrays: 20_000 },
  absent: linhaViva.absent ?? withoutInfluxd,
  start: (env) => startStockInflux({ cleanSession: true, env }),
}

export const ourWays: readonly BenchWay[] = [linhaViva, linhaVivaWithInflux]
export const stockWays: readonly BenchWay[] = [stockPostgresql, stockSplit, stockInflux]

/** What `kill -9` is tried on: the stock flow also with a session that the broker keeps. */
export const killWays: readonly BenchWay[] = [
  linhaViva,
  stockPostgresql,
  {
    ...stockPostgresql,
    id: 'stock-postgresql-session',
    name: `${stockPostgresql.name}, session kept`,
    start: (env) => startStockPostgresql({ cleanSession: false, env }),
  },
  stockInflux,
]
