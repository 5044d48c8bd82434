import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { say } from '../../flows/waiting.fixture.ts'
import { lowVoltageBands } from '../../nodes/voltage/domain/bands.ts'
import { hasInfluxd, withoutInfluxd } from '../../platform/storage/time-series-servers.fixture.ts'
import type { DashboardName } from '../code/dashboard-names.ts'
import { checkAll, type Checked } from '../check/check-all.ts'
import { brokenOf, lackingOf, neverAnswered, report, slowOf } from '../check/report.ts'
import { connectSources, type Sources } from '../check/sources.ts'
import { usualSize } from './fill-scenario.ts'
import { alarmLimits, fillSystem, otherKinds, secondChoice, type FilledSystem } from './filled-system.fixture.ts'

/** The shipped flows fill PostgreSQL and InfluxDB from the simulator; every panel then asks them as Grafana would. */
describe('dashboards of a filled system', function () {
  this.timeout(300_000)
  let system: FilledSystem
  let sources: Sources
  let empty: Sources
  let seen: Checked[]

  async function looked(
    of: Sources,
    chosen: Readonly<Record<string, string>> = {},
    dashboard?: DashboardName,
  ): Promise<Checked[]> {
    const all: Checked[] = []
    const one = dashboard === undefined ? {} : { dashboard }
    for await (const each of checkAll(of, { to: system.to, chosen, ...one })) all.push(each)
    return all
  }
  const all = (checked: readonly Checked[], judge: typeof brokenOf): string[] =>
    checked.flatMap(({ title, ran }) => judge(title, ran))

  before(async function () {
    if (!hasInfluxd) {
      say(withoutInfluxd)
      this.skip()
    }
    const repetition = { days: 31, singleDays: 1 }
    system = await fillSystem({ size: { ...usualSize, minutes: 240 }, speed: 240, repetition }, say)
    sources = await connectSources(system.filled.postgresql, system.filled.influx)
    empty = await connectSources(system.empty.postgresql, system.empty.influx)
    seen = await looked(sources)
  })
  after(async () => {
    await sources?.close()
    await empty?.close()
    await system?.stop()
  })

  it('answer every query of every panel, annotation and alert rule', () => {
    for (const { title, ran } of seen) say(`\n${report(title, ran)}`)
    assert.deepEqual(all(seen, brokenOf), [])
  })

  it('have rows in every panel, and the columns that it names', () => {
    assert.deepEqual(all(seen, lackingOf), [])
    // How long they take depends on what else the machine does: it is told, and judged by `npm run grafana:check`.
    for (const slow of all(seen, slowOf)) say(slow)
  })

  it('have them for another feeder, device and conjunto, too', async () => {
    const others = await looked(sources, secondChoice)
    assert.ok(others.some(({ chosen }) => chosen.includes(`feeder=${secondChoice.feeder}`)))
    assert.deepEqual([...all(others, brokenOf), ...all(others, lackingOf)], [])
  })

  it('have an answer to every query of theirs, for the kind of device that it is about', async () => {
    const kinds: Checked[] = []
    for (const device of otherKinds) kinds.push(...(await looked(sources, { device }, 'device')))
    assert.deepEqual([...all(kinds, brokenOf), ...neverAnswered([...seen, ...kinds])], [])
  })

  it('have no data, and no error, in a system that nothing has come to', async () => {
    const nothing = await looked(empty)
    assert.deepEqual(all(nothing, brokenOf), [])
    assert.ok(all(nothing, lackingOf).length > 0)
  })

  it('draw a limit where its rule puts it: changed in its table, it is drawn elsewhere', async () => {
    const { database } = system
    const limit = /limite|alarme|crítica abaixo/i
    const limits = async (): Promise<string> => {
      const drawn = (await looked(sources)).flatMap(({ ran }) => ran)
      return JSON.stringify(
        drawn
          .flatMap(({ result }) => result?.values ?? [])
          .flatMap((row) =>
            Object.entries(row).filter(([name]) => limit.test(name === 'value' ? String(row['metric']) : name)),
          ),
      )
    }
    const before = await limits()
    await database.query('update feeder set limit_kw = 33.25 where limit_kw is not null')
    await database.query('update conjunto_limit set dec_hundredths = 1717')
    await database.query('update consumer_unit set nominal_voltage_v = 440')
    await database.query('update alarm_rule set criterion = replace(criterion::text, $1, $2)::jsonb', [
      String(alarmLimits.voltageV),
      '239.75',
    ])
    const changed = await limits()
    assert.ok(before.includes(String(alarmLimits.voltageV)), before)
    assert.equal(changed.includes(String(alarmLimits.voltageV)), false)
    const criticalLow = lowVoltageBands[0]!.value[440]!.criticalLow
    for (const value of ['33.25', '17.17', '239.75', `"Crítica abaixo de",${criticalLow}`]) {
      assert.equal(before.includes(value), false, value)
      assert.ok(changed.includes(value), `${value}: ${changed}`)
    }
  })
})
