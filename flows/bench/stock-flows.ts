import type { FlowNode } from '../node-red-process.fixture.ts'

/** What an engineer would wire: mqtt in → json → function, and where the readings go. */
interface StockFlow {
  readonly brokerPort: number
  /** As the broker node comes, messages that arrive while Node-RED is away are not kept for it. */
  readonly cleanSession: boolean
}

/**
 * mqtt in → json → function with a `pg` pool: one insert a message, whatever is there already is left alone.
 * The pool is `pool` in the global context.
 * @param flow  with `split`, an array goes through a split node before: one insert a reading
 */
export function postgresqlFlow(flow: StockFlow & { split: boolean }): FlowNode[] {
  const insert = functionNode(insertReadings)
  if (!flow.split) return [...mqttToJson(flow, 'function'), insert]
  return [
    ...mqttToJson(flow, 'split'),
    {
      ...{ id: 'split', type: 'split', z: 'flow', name: '', splt: '\\n', spltType: 'str', arraySplt: 1 },
      ...{ arraySpltType: 'len', stream: false, addname: '', property: 'payload', x: 0, y: 0, wires: [['function']] },
    },
    insert,
  ]
}

/** mqtt in → json → function → influxdb out: one write a message. */
export function influxFlow(flow: StockFlow & { influxPort: number; influxDatabase: string }): FlowNode[] {
  return [
    ...mqttToJson(flow, 'function'),
    functionNode(makePoints, ['influxdb-out']),
    {
      ...{ id: 'influxdb-server', type: 'influxdb', hostname: '127.0.0.1', port: flow.influxPort },
      ...{ database: flow.influxDatabase, influxdbVersion: '1.x', name: '', usetls: false },
    },
    {
      ...{
        id: 'influxdb-out',
        type: 'influxdb out',
        z: 'flow',
        influxdb: 'influxdb-server',
        name: '',
        measurement: 'reading',
      },
      ...{ precision: 'ms', retentionPolicy: '', x: 0, y: 0, wires: [] },
    },
  ]
}

function mqttToJson({ brokerPort, cleanSession }: StockFlow, to: string): FlowNode[] {
  return [
    { id: 'flow', type: 'tab', label: 'Stock' },
    {
      ...{ id: 'broker', type: 'mqtt-broker', name: '', broker: '127.0.0.1', port: String(brokerPort) },
      ...{ clientid: cleanSession ? '' : 'stock', cleansession: cleanSession, autoConnect: true, usetls: false },
      ...{ protocolVersion: '4', keepalive: '60', autoUnsubscribe: true },
    },
    {
      ...{ id: 'in', type: 'mqtt in', z: 'flow', name: '', topic: 'der/telemetry/+', qos: '1', datatype: 'utf8' },
      ...{ broker: 'broker', nl: false, rap: true, rh: 0, inputs: 0, x: 0, y: 0, wires: [['json']] },
    },
    {
      ...{ id: 'json', type: 'json', z: 'flow', name: '', property: 'payload', action: '', pretty: false },
      ...{ x: 0, y: 0, wires: [[to]] },
    },
  ]
}

const functionNode = (func: string, to: string[] = []): FlowNode => ({
  ...{ id: 'function', type: 'function', z: 'flow', name: '', func, outputs: to.length, timeout: 0, noerr: 0 },
  ...{ initialize: '', finalize: '', libs: [], x: 0, y: 0, wires: to.length > 0 ? [to] : [] },
})

/** As many columns as a DER's reading has with us; `inserted_at` measures, with the table's default. */
export const stockTable = `
  create table stock_reading (
    at timestamptz not null,
    device_id text not null,
    type text not null,
    p_actual_kw double precision not null,
    p_setpoint_kw double precision,
    soc double precision,
    p_max_kw double precision,
    cloud_cover_pct double precision,
    shortwave_radiation_wm2 double precision,
    estimated_power_w double precision,
    inserted_at timestamptz not null default clock_timestamp(),
    primary key (device_id, at)
  )`

const columns = `at, device_id, type, p_actual_kw, p_setpoint_kw, soc, p_max_kw, cloud_cover_pct,
  shortwave_radiation_wm2, estimated_power_w`

const insertReadings = `const pool = global.get('pool')
const r = msg.payload
if (Array.isArray(r)) {
  await pool.query(\`insert into stock_reading (${columns})
    select "timestamp", "deviceId", type, p_actual_kw, p_setpoint_kw, soc, p_max_kw, cloud_cover_pct,
      shortwave_radiation_wm2, estimated_power_w
    from jsonb_to_recordset($1) as r ("timestamp" timestamptz, "deviceId" text, type text, p_actual_kw float8,
      p_setpoint_kw float8, soc float8, p_max_kw float8, cloud_cover_pct float8, shortwave_radiation_wm2 float8,
      estimated_power_w float8)
    on conflict do nothing\`, [JSON.stringify(r)])
} else {
  await pool.query(\`insert into stock_reading (${columns})
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing\`,
    [r.timestamp, r.deviceId, r.type, r.p_actual_kw, r.p_setpoint_kw, r.soc, r.p_max_kw, r.cloud_cover_pct,
      r.shortwave_radiation_wm2, r.estimated_power_w])
}
`

const makePoints = `const point = (r) => {
  const fields = { time: Date.parse(r.timestamp) }
  for (const name in r) if (typeof r[name] === 'number') fields[name] = r[name]
  return [fields, { deviceId: r.deviceId, type: r.type, site_id: r.site_id, feeder_id: r.feeder_id }]
}
msg.payload = (Array.isArray(msg.payload) ? msg.payload : [msg.payload]).map(point)
return msg
`
