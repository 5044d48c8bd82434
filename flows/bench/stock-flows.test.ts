import assert from 'node:assert/strict'
import { compileFunction } from 'node:vm'
import { describe, it } from 'mocha'
import type { FlowNode } from '../node-red-process.fixture.ts'
import { influxFlow, postgresqlFlow } from './stock-flows.ts'

const at = { brokerPort: 1883, cleanSession: true }
const flows = {
  postgresql: postgresqlFlow({ ...at, split: false }),
  split: postgresqlFlow({ ...at, split: true }),
  influxdb: influxFlow({ ...at, influxPort: 8086, influxDatabase: 'bench' }),
}

/** Types of the nodes from the broker on, along the wires. */
function chain(flow: FlowNode[], id = 'in'): string[] {
  const node = flow.find((one) => one.id === id)!
  const [next] = node.wires?.flat() ?? []
  return next === undefined ? [node.type] : [node.type, ...chain(flow, next)]
}

/** What the flow's function node does, as Node-RED runs it: it may wait, and what it returns is sent. */
function functionOf(flow: FlowNode[], ...parameters: string[]): (...given: unknown[]) => Promise<unknown> {
  const code = String(flow.find(({ type }) => type === 'function')!['func'])
  return compileFunction(`return (async () => {${code}})()`, parameters) as (...given: unknown[]) => Promise<unknown>
}

describe('the stock flows', () => {
  it('are what an engineer would wire', () => {
    assert.deepEqual(chain(flows.postgresql), ['mqtt in', 'json', 'function'])
    assert.deepEqual(chain(flows.split), ['mqtt in', 'json', 'split', 'function'])
    assert.deepEqual(chain(flows.influxdb), ['mqtt in', 'json', 'function', 'influxdb out'])
  })

  for (const [name, flow] of Object.entries(flows)) {
    it(`${name}: takes every message at QoS 1, with nothing switched on that slows it`, () => {
      assert.equal(flow.find(({ type }) => type === 'mqtt in')!['qos'], '1')
      assert.ok(flow.every(({ type }) => type !== 'debug'))
    })

    // An id that is also a type makes Node-RED see a configuration node that refers to itself.
    it(`${name}: no id is another node's type`, () => {
      const types = new Set(flow.map(({ type }) => type))
      assert.deepEqual(
        flow.filter(({ id, type }) => types.has(id) && id !== type).map(({ id }) => id),
        [],
      )
    })
  }

  it('make points of one reading, and of an array', async () => {
    const make = functionOf(flows.influxdb, 'msg')
    const reading = { deviceId: 'd', type: 'ev', timestamp: '2026-11-21T12:00:00Z', p_actual_kw: 2, feeder_id: 'f' }
    const point = [
      { time: 1_795_262_400_000, p_actual_kw: 2 },
      { deviceId: 'd', type: 'ev', site_id: undefined, feeder_id: 'f' },
    ]
    assert.deepEqual(await make({ payload: reading }), { payload: [point] })
    assert.deepEqual(await make({ payload: [reading, reading] }), { payload: [point, point] })
  })

  it('insert one reading in one statement, and an array in one as well', async () => {
    const asked: { text: string; values: unknown[] }[] = []
    const pool = { query: async (text: string, values: unknown[]) => void asked.push({ text, values }) }
    const insert = functionOf(flows.postgresql, 'msg', 'global')
    const reading = { deviceId: 'd', type: 'ev', timestamp: '2026-11-21T12:00:00Z', p_actual_kw: 2 }
    await insert({ payload: reading }, { get: () => pool })
    await insert({ payload: [reading, reading] }, { get: () => pool })
    assert.deepEqual(
      asked.map(({ text, values }) => [/on conflict do nothing$/.test(text), values[0]]),
      [
        [true, reading.timestamp],
        [true, JSON.stringify([reading, reading])],
      ],
    )
  })
})
