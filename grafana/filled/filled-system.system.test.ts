import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { say } from '../../flows/waiting.fixture.ts'
import { lowVoltageBands } from '../../nodes/voltage/domain/bands.ts'
import { hasInfluxd, withoutInfluxd } from '../../platform/storage/time-series-servers.fixture.ts'
import { checkAll, type Checked } from '../check/check-all.ts'
import { brokenOf, lackingOf, report, slowOf } from '../check/report.ts'
import { connectSources, type Sources } from '../check/sources.ts'
import { usualSize } from './fill-scenario.ts'
import { fillSystem, secondChoice, type FilledSystem } from './filled-system.fixture.ts'

/** The shipped flows fill PostgreSQL and InfluxDB from the simulator; every panel then asks them as Grafana would. */
describe('dashboards of a filled system', function () {
  this.timeout(300_000)
  let system: FilledSystem
  let sources: Sources
  let empty: Sources
  let seen: Checked[]

  async function looked(of: Sources, chosen: Readonly<Record<string, string>> = {}): Promise<Checked[]> {
    const all: Checked[] = []
    for await (const one of checkAll(of, { to: system.to, chosen })) all.push(one)
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

  it('have no data, and no error, in a system that nothing has come to', async () => {
    const nothing = await looked(empty)
    assert.deepEqual(all(nothing, brokenOf), [])
    assert.ok(all(nothing, lackingOf).length > 0)
  })

  it('draw a limit where its rule puts it: changed in its table, it is drawn elsewhere', async () => {
    const { database } = system
    const limits = async (): Promise<string> => {
      const drawn = (await looked(sources)).flatMap(({ ran }) => ran)
      return JSON.stringify(
        drawn
          .flatMap(({ result }) => result?.values ?? [])
          .flatMap((row) => Object.entries(row).filter(([name]) => /limite|alarme|crítica abaixo/i.test(name))),
      )
    }
    const alarmFrom = (setPoint: number): Promise<unknown> => {
      const scope = { kind: 'meter', derType: null, feederIds: [], deviceIds: [] }
      const leaf = { type: 'limit', measure: 'va_v', level: 'H', setPoint, deadband: 1 }
      const criterion = { scope, leaves: [leaf], logic: { type: 'leaf', leaf: 0 } }
      return database.query(
        `insert into alarm_rule (name, node_id, criterion, definition, entered_at)
         values ('high voltage', 'of the test', $1, '{}', '2026-11-01Z')
         on conflict (name) do update set criterion = excluded.criterion`,
        [criterion],
      )
    }
    await alarmFrom(244.5)
    const before = await limits()
    await database.query('update feeder set limit_kw = 33.25 where limit_kw is not null')
    await database.query('update conjunto_limit set dec_hundredths = 1717')
    await database.query('update consumer_unit set nominal_voltage_v = 440')
    await alarmFrom(239.75)
    const changed = await limits()
    assert.ok(before.includes('244.5'), before)
    assert.equal(changed.includes('244.5'), false)
    const criticalLow = lowVoltageBands[0]!.value[440]!.criticalLow
    for (const value of ['33.25', '17.17', '239.75', `"Crítica abaixo de",${criticalLow}`]) {
      assert.equal(before.includes(value), false, value)
      assert.ok(changed.includes(value), `${value}: ${changed}`)
    }
  })
})
