import assert from 'node:assert/strict'
import { said, useAlarms } from '../alarms.fixture.ts'
import { memberCount } from './members.ts'

describe('the members of a root cause', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  let rootAlarmId: number
  let meters: number[]

  const members = async (): Promise<number> => {
    const [row] = await alarms.database.query<{ members: number }>(
      `select ${memberCount('a.alarm_id')} as members from alarm a where alarm_id = $1`,
      [rootAlarmId],
    )
    return row!.members
  }

  before(async () => {
    const conditions = [said('outage', 'sw-1'), ...['m-1', 'm-2', 'm-3'].map((meter) => said('silent', meter))]
    const [root, ...explained] = await alarms.keeper.take(conditions)
    rootAlarmId = root!.alarmId
    meters = explained.map(({ alarmId }) => alarmId)
  })

  it('are none before it explains any', async () => assert.equal(await members(), 0))

  it('are those that it explains', async () => {
    for (const meter of meters) await alarms.act(meter, { type: 'explain', rootAlarmId })
    assert.equal(await members(), 3)
  })

  it('stay so where they are shelved or out of service as well', async () => {
    await alarms.act(meters[0]!, { type: 'take-out' })
    assert.equal(await members(), 3)
  })

  it('are members no more when their condition is over', async () => {
    await alarms.keeper.take([said('silent', 'm-2', { state: 'normal' })])
    assert.equal(await members(), 2)
  })
})
